package kubeproxy.model;

/// An IPv4 address.
///
/// @param bits the address as a big-endian unsigned number
public record Ipv4Address(int bits) implements IpAddress {

  static Ipv4Address ofBytes(byte[] b) {
    return new Ipv4Address(
        (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff));
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV4;
  }

  @Override
  public byte[] toBytes() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public boolean isLoopback() {
    return bits >>> 24 == 127;
  }

  @Override
  public boolean isUnspecified() {
    return bits == 0;
  }

  @Override
  public boolean isLinkLocal() {
    return bits >>> 16 == 0xa9fe;
  }

  @Override
  public boolean sharesPrefix(IpAddress other, int length) {
    return other instanceof Ipv4Address(int theirs) && ((bits ^ theirs) & mask(length)) == 0;
  }

  @Override
  public Ipv4Address masked(int length) {
    return new Ipv4Address(bits & mask(length));
  }

  @Override
  public int compareTo(IpAddress other) {
    return switch (other) {
      case Ipv4Address(int theirs) -> Integer.compareUnsigned(bits, theirs);
      case Ipv6Address _ -> -1;
    };
  }

  @Override
  public String toString() {
    return AddressText.print(this);
  }

  private static int mask(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }
}
