package kubeproxy.model;

import java.util.Optional;

/// A CIDR block, always in its canonical form: bits after the prefix are zero.
///
/// @param address the first address of the block
/// @param length the prefix length in bits, 0 to 32 or 128
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

  public IpPrefix {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException("prefix length out of range: " + length);
    }
    address = address.masked(length);
  }

  /// Parses `address/length`; host bits may be set and are dropped, as the Kubernetes proxies do.
  public static Optional<IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    int length = parseLength(text.substring(slash + 1));
    return IpAddress.parse(text.substring(0, slash))
        .filter(address -> length >= 0 && length <= address.family().bits())
        .map(address -> new IpPrefix(address, length));
  }

  /// Parses a text that is known to be a CIDR block.
  ///
  /// @throws IllegalArgumentException if it is not
  public static IpPrefix of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a CIDR: " + text));
  }

  /// The block that holds only this address.
  public static IpPrefix ofSingle(IpAddress address) {
    return new IpPrefix(address, address.family().bits());
  }

  private static int parseLength(String text) {
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(text);
  }

  /// The family of its addresses.
  public IpFamily family() {
    return address.family();
  }

  /// Whether the address lies in this block; never for the other family.
  public boolean contains(IpAddress candidate) {
    return candidate.family() == family() && address.sharesPrefix(candidate, length);
  }

  /// Whether every address of `other` lies in this block.
  public boolean contains(IpPrefix other) {
    return other.length >= length && contains(other.address);
  }

  /// The last address of the block.
  public IpAddress last() {
    byte[] bytes = address.toBytes();
    for (int bit = length; bit < family().bits(); bit++) {
      bytes[bit / 8] |= (byte) (0x80 >>> bit % 8);
    }
    return IpAddress.ofBytes(bytes);
  }

  @Override
  public int compareTo(IpPrefix other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
