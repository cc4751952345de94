package kubeproxy.app;

import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.engine.FaultHandler;
import kubeproxy.model.IpFamily;

/// Makes the parts of one mode, in the network namespace of the thread that calls.
@FunctionalInterface
public interface ModeOpener {

  /// Opens without programming anything.
  ///
  /// @param drift is told of which family somebody else changed what is installed; any thread
  /// @param faults is told if a thread of the mode ends by itself
  /// @throws IOException if the kernel cannot be reached or lends no rights
  ModeParts open(Consumer<IpFamily> drift, FaultHandler faults) throws IOException;
}
