package kubeproxy.relay;

import java.io.IOException;
import kubeproxy.plan.ServicePortName;

/// Forwards connections and datagrams for any number of Service ports. Safe for any thread.
public interface Relay extends AutoCloseable {

  /// Starts the threads of a relay that listens to nothing yet.
  ///
  /// @throws IOException if the kernel refuses what any event loop needs
  static Relay start(RelayOptions options) throws IOException {
    return EventRelay.start(options);
  }

  /// Begins to serve a Service port, which listens to nothing yet.
  ///
  /// Names are for the log and for whoever reads the counters: the same one may be given twice, for
  /// instance where addresses of a Service lead to different backends. Each has its own turn,
  /// clients and counters.
  RelayPort open(ServicePortName name, BackendChoice backends);

  /// How much of the limits is in use now.
  RelayUse use();

  /// Ends the threads, after closing all listeners and resetting all flows. Waits for them.
  @Override
  void close();
}
