package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// What goes with datagrams beside their bytes (cmsg(3)): the length of segments, and the local
/// address (`IP_PKTINFO` of ip(7), `IPV6_PKTINFO` of ipv6(7)).
final class ControlMessages {

  /// For each datagram: one message with an `int`, one with an address of IPv6, some padding.
  static final int ROOM_BYTES = 96;

  private static final int IPV6_PKTINFO = 50;

  // struct cmsghdr: a length, a level, a type; then the content, and all that aligned to 8 bytes.
  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int CONTENT = 16;
  private static final int ALIGNMENT = 8;

  // struct in_pktinfo: interface, local address, destination of the header.
  private static final int IPV4_INFO_BYTES = 12;
  private static final int IPV4_LOCAL = 4;

  // struct in6_pktinfo: address, interface.
  private static final int IPV6_INFO_BYTES = 20;

  private static final ValueLayout.OfInt BIG_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment memory;
  private int segment;
  private long localHigh;
  private long localLow;

  /// @param count of datagrams
  ControlMessages(int count) {
    memory = Arena.ofAuto().allocate((long) count * ROOM_BYTES, ALIGNMENT);
  }

  /// Where those of a datagram are.
  long address(int index) {
    return memory.address() + (long) index * ROOM_BYTES;
  }

  /// Reads those of a received datagram.
  ///
  /// @param length of all of them, in bytes
  void read(int index, long length) {
    segment = 0;
    localHigh = 0;
    localLow = 0;
    long at = (long) index * ROOM_BYTES;
    long end = at + length;
    while (at + CONTENT <= end) {
      long bytes = memory.get(JAVA_LONG, at);
      int level = memory.get(JAVA_INT, at + LEVEL);
      int type = memory.get(JAVA_INT, at + TYPE);
      if (level == Sockets.IPPROTO_UDP && type == Sockets.UDP_GRO) {
        segment = memory.get(JAVA_INT, at + CONTENT);
      } else if (level == Sockets.IPPROTO_IP && type == Sockets.IP_PKTINFO) {
        localLow = Integer.toUnsignedLong(memory.get(BIG_INT, at + CONTENT + IPV4_LOCAL));
      } else if (level == Sockets.IPPROTO_IPV6 && type == IPV6_PKTINFO) {
        localHigh = memory.get(BIG_LONG, at + CONTENT);
        localLow = memory.get(BIG_LONG, at + CONTENT + Long.BYTES);
      }
      at += aligned(Math.max(CONTENT, bytes));
    }
  }

  /// What the last [#read] found, or 0.
  int segment() {
    return segment;
  }

  /// What the last [#read] found, or 0.
  long localHigh() {
    return localHigh;
  }

  /// What the last [#read] found, or 0.
  long localLow() {
    return localLow;
  }

  /// Writes those of a datagram to send, and returns their length in bytes.
  long write(int index, @Nullable DatagramPeer to, int segmentBytes) {
    long start = (long) index * ROOM_BYTES;
    long at = start;
    if (segmentBytes > 0) {
      memory.set(JAVA_LONG, at, CONTENT + Short.BYTES);
      memory.set(JAVA_INT, at + LEVEL, Sockets.IPPROTO_UDP);
      memory.set(JAVA_INT, at + TYPE, Sockets.UDP_SEGMENT);
      memory.set(JAVA_SHORT, at + CONTENT, (short) segmentBytes);
      at += aligned(CONTENT + Short.BYTES);
    }
    if (to != null && (to.localLow != 0 || to.localHigh != 0)) {
      at += to.ipv4 ? writeIpv4(at, to) : writeIpv6(at, to);
    }
    return at - start;
  }

  private long writeIpv4(long at, DatagramPeer to) {
    memory.set(JAVA_LONG, at, CONTENT + IPV4_INFO_BYTES);
    memory.set(JAVA_INT, at + LEVEL, Sockets.IPPROTO_IP);
    memory.set(JAVA_INT, at + TYPE, Sockets.IP_PKTINFO);
    memory.set(JAVA_INT, at + CONTENT, 0);
    memory.set(BIG_INT, at + CONTENT + IPV4_LOCAL, (int) to.localLow);
    memory.set(JAVA_INT, at + CONTENT + 2 * IPV4_LOCAL, 0);
    return aligned(CONTENT + IPV4_INFO_BYTES);
  }

  private long writeIpv6(long at, DatagramPeer to) {
    memory.set(JAVA_LONG, at, CONTENT + IPV6_INFO_BYTES);
    memory.set(JAVA_INT, at + LEVEL, Sockets.IPPROTO_IPV6);
    memory.set(JAVA_INT, at + TYPE, IPV6_PKTINFO);
    memory.set(BIG_LONG, at + CONTENT, to.localHigh);
    memory.set(BIG_LONG, at + CONTENT + Long.BYTES, to.localLow);
    memory.set(JAVA_INT, at + CONTENT + 2 * Long.BYTES, to.scope);
    return aligned(CONTENT + IPV6_INFO_BYTES);
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
