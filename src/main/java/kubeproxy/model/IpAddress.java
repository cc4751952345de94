package kubeproxy.model;

import java.util.Optional;

/// An IPv4 or IPv6 address as a value. Unlike `java.net.InetAddress` it never folds IPv4-mapped
/// IPv6 addresses into IPv4 and never asks a name service.
///
/// The natural order is: IPv4 before IPv6, then by unsigned value.
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

  /// Parses the text form. As the Kubernetes proxies do, leading zeros in IPv4 octets are accepted
  /// and read as decimal; the printed form is canonical (RFC 5952 for IPv6). Zone identifiers are
  /// refused.
  static Optional<IpAddress> parse(String text) {
    return Optional.ofNullable(AddressText.parse(text));
  }

  /// Parses a text that is known to be an address.
  ///
  /// @throws IllegalArgumentException if it is not
  static IpAddress of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
  }

  /// The address in `bytes`, in network order: four or sixteen of them.
  static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> Ipv4Address.ofBytes(bytes);
      case 16 -> Ipv6Address.ofBytes(bytes);
      default ->
          throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  /// The family.
  IpFamily family();

  /// The address in network byte order, four or sixteen bytes; a fresh array.
  byte[] toBytes();

  /// Whether this is `127.0.0.0/8` or `::1`.
  boolean isLoopback();

  /// Whether this is `0.0.0.0` or `::`.
  boolean isUnspecified();

  /// Whether this is `169.254.0.0/16` or `fe80::/10`.
  boolean isLinkLocal();

  /// Whether the first `length` bits are those of `other`, which is of the same family.
  boolean sharesPrefix(IpAddress other, int length);

  /// This address with all bits after the first `length` cleared.
  IpAddress masked(int length);

  /// The address and a port as one writes them together: `10.0.0.1:80`, `[fd00::1]:80`.
  default String withPort(int port) {
    return switch (this) {
      case Ipv4Address _ -> this + ":" + port;
      case Ipv6Address _ -> "[" + this + "]:" + port;
    };
  }
}
