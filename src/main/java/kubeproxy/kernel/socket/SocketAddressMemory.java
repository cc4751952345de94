package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;

/// Addresses of sockets in native memory: `struct sockaddr_in` and `sockaddr_in6` (ip(7), ipv6(7)),
/// whose ports and addresses are in network order.
final class SocketAddressMemory {
  /// Room for any address.
  static final int BYTES = 28;

  static final int IPV4_BYTES = 16;
  static final int IPV6_BYTES = 28;

  private static final int PORT = 2;
  private static final int IPV4_ADDRESS = 4;
  private static final int IPV6_FLOW = 4;
  private static final int IPV6_ADDRESS = 8;
  private static final int IPV6_SCOPE = 24;
  private static final long MAPPED_PREFIX = 0xffffL;

  private static final ValueLayout.OfShort BIG_SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt BIG_INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong BIG_LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddressMemory() {}

  /// Writes an address and port, and returns how many bytes they take.
  static int write(MemorySegment memory, long at, IpAddress address, int port) {
    memory.asSlice(at, BYTES).fill((byte) 0);
    memory.set(BIG_SHORT, at + PORT, (short) port);
    return switch (address) {
      case Ipv4Address(int bits) -> {
        memory.set(JAVA_SHORT, at, (short) Sockets.AF_INET);
        memory.set(BIG_INT, at + IPV4_ADDRESS, bits);
        yield IPV4_BYTES;
      }
      case Ipv6Address(long high, long low) -> {
        memory.set(JAVA_SHORT, at, (short) Sockets.AF_INET6);
        memory.set(BIG_LONG, at + IPV6_ADDRESS, high);
        memory.set(BIG_LONG, at + IPV6_ADDRESS + Long.BYTES, low);
        yield IPV6_BYTES;
      }
    };
  }

  /// Writes the address of a peer, and returns how many bytes it takes.
  static int write(MemorySegment memory, long at, DatagramPeer peer) {
    memory.set(BIG_SHORT, at + PORT, (short) peer.port);
    if (peer.ipv4) {
      memory.set(JAVA_SHORT, at, (short) Sockets.AF_INET);
      memory.set(BIG_INT, at + IPV4_ADDRESS, (int) peer.low);
      return IPV4_BYTES;
    }
    memory.set(JAVA_SHORT, at, (short) Sockets.AF_INET6);
    memory.set(JAVA_INT_UNALIGNED, at + IPV6_FLOW, 0);
    memory.set(BIG_LONG, at + IPV6_ADDRESS, peer.high);
    memory.set(BIG_LONG, at + IPV6_ADDRESS + Long.BYTES, peer.low);
    memory.set(JAVA_INT_UNALIGNED, at + IPV6_SCOPE, peer.scope);
    return IPV6_BYTES;
  }

  /// The interface of a link-local address.
  static int scope(MemorySegment memory, long at) {
    return memory.get(JAVA_SHORT, at) == Sockets.AF_INET
        ? 0
        : memory.get(JAVA_INT_UNALIGNED, at + IPV6_SCOPE);
  }

  /// The address; one of IPv4 that came to a socket of IPv6 (`::ffff:10.0.0.1`) as what it is.
  static IpAddress address(MemorySegment memory, long at) {
    if (memory.get(JAVA_SHORT, at) == Sockets.AF_INET) {
      return new Ipv4Address(memory.get(BIG_INT, at + IPV4_ADDRESS));
    }
    long high = memory.get(BIG_LONG, at + IPV6_ADDRESS);
    long low = memory.get(BIG_LONG, at + IPV6_ADDRESS + Long.BYTES);
    return high == 0 && low >>> 32 == MAPPED_PREFIX
        ? new Ipv4Address((int) low)
        : new Ipv6Address(high, low);
  }

  /// The port.
  static int port(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(BIG_SHORT, at + PORT));
  }

  /// The first half of the address; 0 for one of IPv4.
  static long high(MemorySegment memory, long at) {
    return memory.get(JAVA_SHORT, at) == Sockets.AF_INET
        ? 0
        : memory.get(BIG_LONG, at + IPV6_ADDRESS);
  }

  /// The second half of the address; one of IPv4 as it would be in IPv6.
  static long low(MemorySegment memory, long at) {
    return memory.get(JAVA_SHORT, at) == Sockets.AF_INET
        ? MAPPED_PREFIX << 32 | Integer.toUnsignedLong(memory.get(BIG_INT, at + IPV4_ADDRESS))
        : memory.get(BIG_LONG, at + IPV6_ADDRESS + Long.BYTES);
  }
}
