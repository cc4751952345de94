package kubeproxy.relay;

import kubeproxy.plan.ServicePortName;

/// One port of a Service in the relay: its listeners share the backends, whose turn it is, the
/// clients that stick to their backend, and the counters. Safe for any thread.
public interface RelayPort extends AutoCloseable {

  /// The name it was opened with; its protocol is that of all listeners.
  ServicePortName name();

  /// Puts other backends in force, for whatever comes from now on.
  ///
  /// Connections to a backend that is gone go on until one side ends them. UDP flows to it end,
  /// unless it is still serving, so that the client's next datagram goes to another. Clients stuck
  /// to it are free. If the set of backends is the same in another order, whose turn it is stays.
  void update(BackendChoice backends);

  /// Begins to listen. When this returns [ListenOutcome.Listening], clients can connect.
  ListenOutcome listen(ListenerSpec spec);

  /// What has passed so far, and is passing.
  RelayCounters counters();

  /// Closes all listeners, as [RelayListener#close] does; the counters can still be read.
  @Override
  void close();
}
