package kubeproxy.config;

import kubeproxy.model.IpAddress;

/// An address and port to listen on.
///
/// @param port 1 to 65535; 0, for any free port, only in tests
public record ListenAddress(IpAddress address, int port) {

  @Override
  public String toString() {
    return address.withPort(port);
  }
}
