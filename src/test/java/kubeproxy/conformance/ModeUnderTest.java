package kubeproxy.conformance;

import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.Capability;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import kubeproxy.testing.scenario.Scenario.ObjectDocument;

/// A mode as the conformance suite drives it: the whole program from objects to kernel, for both
/// families. Used by one thread, one scenario after the other.
public interface ModeUnderTest {

  /// So many connections show all endpoints and would show one too many, whatever the number of
  /// endpoints: with endpoints that are chosen at random, one that has half of the traffic and
  /// should have none would have been noticed but once in a million runs.
  default int leastConnections() {
    return 20;
  }

  /// What it cannot do.
  Set<Capability> lacking();

  /// Whether it runs a scenario. A mode that differs from another in one thing only need not run
  /// those that this one thing cannot fail.
  default boolean runs(String scenario) {
    return true;
  }

  /// Starts on a node. Nothing needs to be programmed before the first [#apply].
  void start(NetworkNamespace node, NodeOptions options) throws Exception;

  /// Makes these the objects of the cluster, whatever they were before, and returns when the kernel
  /// carries them out and stale flows are gone.
  ///
  /// @param objects all of them, sorted by identity; the node's own Node is among them
  void apply(List<ObjectDocument> objects) throws Exception;

  /// The endpoints, as `address:port`, that are installed for this frontend: asked where the
  /// machine cannot send the packets that would tell. Not for node ports.
  List<String> installed(IpAddress address, int port, Protocol protocol) throws Exception;

  /// After the last [#apply]: looks for what traffic does not tell, and fails if it is not as it
  /// should be. It may end the mode.
  void verify() throws Exception;

  /// Ends as if the process were stopped: what is programmed stays. Harmless if it is not running.
  void stop() throws Exception;

  /// After [#stop]: removes what is programmed.
  void cleanUp(NetworkNamespace node) throws Exception;

  /// After the last [#cleanUp]: ends whatever a mode kept for the next scenario.
  default void end() throws Exception {}
}
