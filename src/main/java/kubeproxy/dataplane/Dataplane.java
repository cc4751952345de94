package kubeproxy.dataplane;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;

/// One way to make a node carry out the plan of one family. Called by the sync thread only.
public interface Dataplane extends AutoCloseable {

  /// The mode's name as on the command line.
  String name();

  /// The family whose plans it carries out.
  IpFamily family();

  /// What the mode can do.
  Set<Capability> capabilities();

  /// Makes the kernel carry out `request.plan()`. Never throws for what the kernel answers; that is
  /// what the outcome is for.
  SyncOutcome sync(SyncRequest request);

  /// What of the plan carried out last is not carried out, in modes that can do a part: sorted, and
  /// empty in those that install all or nothing.
  default List<Problem> problems() {
    return List.of();
  }

  /// How many objects of each type are installed, by the mode's words for them, as `chain`.
  Map<String, Integer> objectCounts();

  /// How many of those objects the last sync that was acknowledged wrote; empty in modes that do
  /// not count.
  default Map<String, Integer> lastWritten() {
    return Map.of();
  }

  /// Leaves no trace of this mode in the kernel.
  void cleanUp();

  /// Releases sockets and memory; what is programmed stays.
  @Override
  void close();
}
