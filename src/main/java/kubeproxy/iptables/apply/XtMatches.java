package kubeproxy.iptables.apply;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.program.Match;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// Reads matches of xtables as the kernel holds them (`linux/netfilter/xt_*.h`): those that we
/// write, in the revision in which the tools write them.
final class XtMatches {
  private static final int COMMENT_BYTES = 256;

  private static final int CONNTRACK_BYTES = 162;
  private static final int CONNTRACK_MATCH_FLAGS = 146;
  private static final int CONNTRACK_INVERT_FLAGS = 148;
  private static final int CONNTRACK_STATE_MASK = 150;
  private static final int XT_CONNTRACK_STATE = 1;

  /// A state of connections.
  private record State(int bit, String name) {}

  /// In the order in which the tools print them.
  private static final List<State> STATES =
      List.of(
          new State(1, "INVALID"),
          new State(1 << 3, "NEW"),
          new State(1 << 2, "RELATED"),
          new State(1 << 1, "ESTABLISHED"),
          new State(1 << 8, "UNTRACKED"),
          new State(1 << 6, "SNAT"),
          new State(1 << 7, "DNAT"));

  private static final int ADDRTYPE_BYTES = 8;
  private static final int RTN_LOCAL_BIT = 1 << 2;

  private static final int RECENT_BYTES = 228;
  private static final int RECENT_CHECK_SET = 8;
  private static final int RECENT_NAME = 10;
  private static final int RECENT_NAME_BYTES = 200;
  private static final int RECENT_MASK = 212;
  private static final int RECENT_MASK_BYTES = 16;
  private static final int XT_RECENT_CHECK = 1;
  private static final int XT_RECENT_SET = 1 << 1;
  private static final int XT_RECENT_REAP = 1 << 5;

  private static final int STATISTIC_BYTES = 8;
  private static final int STATISTIC_PROBABILITY = 4;

  private static final int MARK_BYTES = 9;
  private static final int MARK_INVERT = 8;

  private static final int NFACCT_NAME_BYTES = 32;

  private static final int MOST_PORT = 0xffff;
  private static final int TCP_BYTES = 12;
  private static final int UDP_BYTES = 9;
  private static final int SCTP_BYTES = 292;
  private static final int SCTP_FLAG_INFOS = 268;
  private static final int SCTP_FLAG_INFO_BYTES = 3;
  private static final int XT_NUM_SCTP_FLAGS = 4;
  private static final int SCTP_FLAGS = 284;
  private static final int XT_SCTP_DEST_PORTS = 1 << 1;

  private XtMatches() {}

  /// The match; null if it is none that we write.
  static @Nullable Match read(String name, int revision, byte[] held, IpFamily family) {
    return switch (name) {
      case "comment" ->
          revision == 0 ? new Match.Comment(XtStruct.text(held, 0, COMMENT_BYTES)) : null;
      case "conntrack" -> revision == 3 ? connectionState(held) : null;
      case "addrtype" -> revision == 1 ? localAddress(held) : null;
      case "recent" -> revision == 1 ? recent(held, family) : null;
      case "statistic" -> revision == 0 ? oneIn(held) : null;
      case "mark" -> revision == 1 ? mark(held) : null;
      case "nfacct" ->
          revision <= 1 ? new Match.Counted(XtStruct.text(held, 0, NFACCT_NAME_BYTES)) : null;
      case "tcp" -> revision == 0 ? tcp(held) : null;
      case "udp" -> revision == 0 ? udp(held) : null;
      case "sctp" -> revision == 0 ? sctp(held) : null;
      default -> null;
    };
  }

  private static @Nullable Match connectionState(byte[] held) {
    int mask = XtStruct.u16(held, CONNTRACK_STATE_MASK);
    boolean negated = XtStruct.u16(held, CONNTRACK_INVERT_FLAGS) != 0;
    XtStruct known =
        new XtStruct(CONNTRACK_BYTES)
            .u16(CONNTRACK_MATCH_FLAGS, XT_CONNTRACK_STATE)
            .u16(CONNTRACK_INVERT_FLAGS, negated ? XT_CONNTRACK_STATE : 0)
            .u16(CONNTRACK_STATE_MASK, mask);
    List<String> names = new ArrayList<>(2);
    int left = mask;
    for (State state : STATES) {
      if ((mask & state.bit()) != 0) {
        names.add(state.name());
        left &= ~state.bit();
      }
    }
    return left == 0 && !names.isEmpty() && known.is(held)
        ? new Match.ConnectionState(negated, String.join(",", names))
        : null;
  }

  private static @Nullable Match localAddress(byte[] held) {
    boolean destination = XtStruct.u16(held, 0) == 0;
    XtStruct known = new XtStruct(ADDRTYPE_BYTES).u16(destination ? 2 : 0, RTN_LOCAL_BIT);
    return known.is(held) ? new Match.LocalAddress(destination) : null;
  }

  private static @Nullable Match recent(byte[] held, IpFamily family) {
    int seconds = XtStruct.u32(held, 0);
    String list = XtStruct.text(held, RECENT_NAME, RECENT_NAME_BYTES);
    XtStruct known =
        new XtStruct(RECENT_BYTES)
            .u32(0, seconds)
            .u8(RECENT_CHECK_SET, seconds == 0 ? XT_RECENT_SET : XT_RECENT_CHECK | XT_RECENT_REAP)
            .text(RECENT_NAME, list)
            .fill(RECENT_MASK, family.bits() / Byte.SIZE, 0xff);
    // a mask that was not asked for has all bits of the longer address
    boolean isKnown = known.is(held) || known.fill(RECENT_MASK, RECENT_MASK_BYTES, 0xff).is(held);
    if (seconds < 0 || !isKnown) {
      return null;
    }
    return seconds == 0 ? new Match.PutOnList(list) : new Match.OnList(list, seconds);
  }

  private static @Nullable Match oneIn(byte[] held) {
    int steps = XtStruct.u32(held, STATISTIC_PROBABILITY);
    Match.OneIn match = Match.OneIn.ofSteps(steps);
    return new XtStruct(STATISTIC_BYTES).u32(STATISTIC_PROBABILITY, steps).is(held) ? match : null;
  }

  private static @Nullable Match mark(byte[] held) {
    int bits = XtStruct.u32(held, 0);
    boolean negated = held.length > MARK_INVERT && held[MARK_INVERT] != 0;
    XtStruct known =
        new XtStruct(MARK_BYTES).u32(0, bits).u32(4, bits).u8(MARK_INVERT, negated ? 1 : 0);
    return known.is(held) ? new Match.Mark(negated, bits) : null;
  }

  private static @Nullable Match tcp(byte[] held) {
    int port = port(held, 4);
    XtStruct known = ports(new XtStruct(TCP_BYTES), 0, 4, port);
    return known.is(held) ? new Match.Transport(Protocol.TCP, port) : null;
  }

  private static @Nullable Match udp(byte[] held) {
    int port = port(held, 4);
    XtStruct known = ports(new XtStruct(UDP_BYTES), 0, 4, port);
    return known.is(held) ? new Match.Transport(Protocol.UDP, port) : null;
  }

  private static @Nullable Match sctp(byte[] held) {
    boolean anyPort = XtStruct.u32(held, SCTP_FLAGS) == 0;
    int port = anyPort ? 0 : XtStruct.u16(held, 0);
    XtStruct known = new XtStruct(SCTP_BYTES);
    if (!anyPort) {
      known.u16(0, port).u16(2, port).u32(SCTP_FLAGS, XT_SCTP_DEST_PORTS);
    }
    for (int i = 0; i < XT_NUM_SCTP_FLAGS; i++) {
      known.u8(SCTP_FLAG_INFOS + i * SCTP_FLAG_INFO_BYTES, -1);
    }
    return known.is(held) ? new Match.Transport(Protocol.SCTP, port) : null;
  }

  /// The port that a range is about; 0 if it is not one.
  private static int port(byte[] held, int offset) {
    int port = XtStruct.u16(held, offset);
    return port == XtStruct.u16(held, offset + 2) ? port : 0;
  }

  /// Writes a range of all source ports and one of just this destination port, or all.
  private static XtStruct ports(XtStruct to, int sources, int destinations, int port) {
    return to.u16(sources + 2, MOST_PORT)
        .u16(destinations, port)
        .u16(destinations + 2, port == 0 ? MOST_PORT : port);
  }
}
