package kubeproxy.model;

/// An IPv6 address.
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight bytes, big-endian
public record Ipv6Address(long high, long low) implements IpAddress {

  static Ipv6Address ofBytes(byte[] b) {
    return new Ipv6Address(read(b, 0), read(b, 8));
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV6;
  }

  @Override
  public byte[] toBytes() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
    }
    return bytes;
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  @Override
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public boolean sharesPrefix(IpAddress other, int length) {
    return other instanceof Ipv6Address(long theirHigh, long theirLow)
        && ((high ^ theirHigh) & highMask(length)) == 0
        && ((low ^ theirLow) & lowMask(length)) == 0;
  }

  @Override
  public Ipv6Address masked(int length) {
    return new Ipv6Address(high & highMask(length), low & lowMask(length));
  }

  @Override
  public int compareTo(IpAddress other) {
    return switch (other) {
      case Ipv4Address _ -> 1;
      case Ipv6Address(long theirHigh, long theirLow) -> {
        int order = Long.compareUnsigned(high, theirHigh);
        yield order != 0 ? order : Long.compareUnsigned(low, theirLow);
      }
    };
  }

  @Override
  public String toString() {
    return AddressText.print(this);
  }

  private static long read(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private static long highMask(int length) {
    if (length == 0) {
      return 0;
    }
    return length >= 64 ? -1 : -1L << (64 - length);
  }

  private static long lowMask(int length) {
    if (length <= 64) {
      return 0;
    }
    return length == 128 ? -1 : -1L << (128 - length);
  }
}
