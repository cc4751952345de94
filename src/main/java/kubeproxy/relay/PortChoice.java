package kubeproxy.relay;

/// Which port to listen on.
public sealed interface PortChoice {

  /// This one.
  ///
  /// @param port 1 to 65535
  record Exactly(int port) implements PortChoice {
    public Exactly {
      requirePort(port);
    }
  }

  /// Any that is free, from the kernel's range (`net.ipv4.ip_local_port_range`).
  record AnyFree() implements PortChoice {}

  /// One that is free of consecutive ones: a random one, or the next one that is free after it,
  /// beginning again at the first. Nothing is remembered: a port is taken while it is listened on.
  ///
  /// @param first the lowest, 1 to 65535
  /// @param size how many, at least 1
  record FromRange(int first, int size) implements PortChoice {
    public FromRange {
      requirePort(first);
      requirePort(first + size - 1);
      if (size < 1) {
        throw new IllegalArgumentException("a range of " + size + " ports");
      }
    }
  }

  private static void requirePort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }
}
