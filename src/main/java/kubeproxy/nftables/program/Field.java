package kubeproxy.nftables.program;

import kubeproxy.model.IpFamily;

/// A value that a rule takes from a packet, its connection or a random number, as one component of
/// a key or value.
public sealed interface Field {

  /// Its type.
  FieldType type();

  /// As the `nft` tool writes it.
  String text(IpFamily family);

  /// Values found in the packet or its connection.
  enum Packet implements Field {
    SOURCE_ADDRESS(FieldType.ADDRESS, "%s saddr"),
    DESTINATION_ADDRESS(FieldType.ADDRESS, "%s daddr"),
    PROTOCOL(FieldType.PROTOCOL, "meta l4proto"),
    DESTINATION_PORT(FieldType.PORT, "th dport"),
    ORIGINAL_DESTINATION_ADDRESS(FieldType.ADDRESS, "ct original %s daddr"),
    ORIGINAL_DESTINATION_PORT(FieldType.PORT, "ct original proto-dst");

    private final FieldType type;
    private final String text;

    Packet(FieldType type, String text) {
      this.type = type;
      this.text = text;
    }

    @Override
    public FieldType type() {
      return type;
    }

    @Override
    public String text(IpFamily family) {
      return text.formatted(family == IpFamily.IPV4 ? "ip" : "ip6");
    }
  }

  /// A random number from 0 to `modulus - 1`.
  record RandomIndex(int modulus) implements Field {

    @Override
    public FieldType type() {
      return FieldType.INDEX;
    }

    @Override
    public String text(IpFamily family) {
      return "numgen random mod " + modulus;
    }
  }
}
