package kubeproxy.relay;

import kubeproxy.model.IpAddress;

/// An address and port that the relay listens on. Safe for any thread.
public interface RelayListener extends AutoCloseable {

  /// The address it is bound to, which may be unspecified.
  IpAddress address();

  /// The port it is bound to, also where any would have done.
  int port();

  /// Stops listening and frees the port. Returns when it is free. Established connections go on;
  /// UDP flows, which answer from this very socket, end. Has no effect after the first time.
  @Override
  void close();
}
