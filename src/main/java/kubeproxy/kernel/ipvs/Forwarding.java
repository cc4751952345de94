package kubeproxy.kernel.ipvs;

/// How packets get to a destination (`IP_VS_CONN_F_FWD_MASK`), with the kernel's
/// numbers.
public enum Forwarding {
  /// Their destination address is translated, and that of the answers back.
  MASQUERADE(0),
  /// The destination is this machine.
  LOCAL(1),
  /// Inside other packets.
  TUNNEL(2),
  /// As they are, to another link address.
  DIRECT_ROUTE(3),
  /// Past all destinations, to where they were going.
  BYPASS(4);

  private static final int MASK = 0x7;

  private final int number;

  Forwarding(int number) {
    this.number = number;
  }

  /// The number in the kernel's interface.
  int number() {
    return number;
  }

  /// From `IPVS_DEST_ATTR_FWD_METHOD`, whose other bits say other things.
  static Forwarding of(int connectionFlags) {
    for (Forwarding forwarding : values()) {
      if (forwarding.number == (connectionFlags & MASK)) {
        return forwarding;
      }
    }
    return MASQUERADE;
  }
}
