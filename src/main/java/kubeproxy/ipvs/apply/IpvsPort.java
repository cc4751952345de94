package kubeproxy.ipvs.apply;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.program.ServerKey;

/// What the mode needs of a kernel apart from rules, in one family. Used by one thread at a time.
public interface IpvsPort extends Closeable {

  /// Reads back everything.
  ///
  /// @throws IOException if the kernel does not tell
  Observed observe() throws IOException;

  /// The real servers of one virtual server; none if it does not exist.
  ///
  /// @throws IOException if the kernel does not tell
  List<Observed.RealServer> realServers(ServerKey key) throws IOException;

  /// Makes changes, in order, each by itself. To remove what is not there is no error.
  ///
  /// @return what became of each, in order
  /// @throws IOException if that is not known of any of them
  List<Result> apply(List<Operation> operations) throws IOException;

  /// What became of a change.
  sealed interface Result {

    /// It is as wanted.
    record Done() implements Result {}

    /// The kernel does not do it.
    ///
    /// @param error the symbolic name, as `ENOENT`
    /// @param detail for people
    record Refused(String error, String detail) implements Result {}

    /// What is in the kernel is not what was believed, or it is not known what is.
    record Surprise(String reason) implements Result {}
  }
}
