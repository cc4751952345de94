package kubeproxy.kernel.socket;

import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;

/// Who sent a datagram and to which of this node's addresses: what answers must be sent to and
/// from. Can be written again and again by [Datagrams#readPeer]; a [#copy] can be the key of a map.
public final class DatagramPeer {
  private static final long MAPPED_PREFIX = 0xffffL << 32;
  private static final int HASH_FACTOR = 31;

  /// The address; one of IPv4 as it would be in IPv6.
  long high;

  long low;
  int port;

  /// The interface of a link-local address.
  int scope;

  /// Whether the socket is one of IPv4.
  boolean ipv4;

  /// The local address, or 0 if the socket is bound to one.
  long localHigh;

  long localLow;

  /// The address.
  public IpAddress address() {
    return high == 0 && (low & -1L << 32) == MAPPED_PREFIX
        ? new Ipv4Address((int) low)
        : new Ipv6Address(high, low);
  }

  /// The same, for keeping.
  public DatagramPeer copy() {
    DatagramPeer copy = new DatagramPeer();
    copy.high = high;
    copy.low = low;
    copy.port = port;
    copy.scope = scope;
    copy.ipv4 = ipv4;
    copy.localHigh = localHigh;
    copy.localLow = localLow;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatagramPeer peer
        && low == peer.low
        && port == peer.port
        && high == peer.high
        && scope == peer.scope
        && ipv4 == peer.ipv4
        && localLow == peer.localLow
        && localHigh == peer.localHigh;
  }

  @Override
  public int hashCode() {
    long mixed = high * HASH_FACTOR + low;
    mixed = mixed * HASH_FACTOR + localLow;
    mixed = mixed * HASH_FACTOR + port;
    return Long.hashCode(mixed * 0x9e3779b97f4a7c15L);
  }

  @Override
  public String toString() {
    return address().withPort(port);
  }
}
