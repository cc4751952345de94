package kubeproxy.nftables.program;

import kubeproxy.model.IpFamily;

/// The data type of one component of a key or a value. The numbers are those of the `nft` tool
/// (`enum datatypes` in its sources); the kernel only stores them, but `nft list` needs them to
/// print elements, and version 1.0.6 aborts without.
public enum FieldType {
  ADDRESS,
  PROTOCOL,
  PORT,
  INDEX;

  /// The kernel lays the components of a concatenation out in registers of this many bytes.
  public static final int REGISTER_BYTES = 4;

  /// Type number of the `nft` tool: `ipv4_addr`, `ipv6_addr`, `inet_proto`, `inet_service`, `mark`.
  public int number(IpFamily family) {
    return switch (this) {
      case ADDRESS -> family == IpFamily.IPV4 ? 7 : 8;
      case PROTOCOL -> 12;
      case PORT -> 13;
      case INDEX -> 19;
    };
  }

  /// Name of the type in the `nft` tool.
  public String text(IpFamily family) {
    return switch (this) {
      case ADDRESS -> family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
      case PROTOCOL -> "inet_proto";
      case PORT -> "inet_service";
      case INDEX -> "mark";
    };
  }

  /// Bytes of a value.
  public int bytes(IpFamily family) {
    return switch (this) {
      case ADDRESS -> family.bytes();
      case PROTOCOL -> 1;
      case PORT -> 2;
      case INDEX -> 4;
    };
  }

  /// Bytes it takes within a key or value: whole registers.
  public int paddedBytes(IpFamily family) {
    return (bytes(family) + REGISTER_BYTES - 1) / REGISTER_BYTES * REGISTER_BYTES;
  }
}
