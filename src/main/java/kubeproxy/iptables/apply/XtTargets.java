package kubeproxy.iptables.apply;

import java.util.Arrays;
import kubeproxy.iptables.program.Target;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Reads targets of xtables as the kernel holds them (`linux/netfilter/xt_*.h`,
/// `linux/netfilter_ipv4/ipt_REJECT.h` and the like): those that we write, in the revision in which
/// the tools write them.
final class XtTargets {
  private static final int MARK_BYTES = 8;

  private static final int REJECT_BYTES = 4;
  private static final int IPT_ICMP_PORT_UNREACHABLE = 3;
  private static final int IPT_TCP_RESET = 7;
  private static final int IP6T_ICMP6_PORT_UNREACH = 4;
  private static final int IP6T_TCP_RESET = 6;

  private static final int NF_NAT_RANGE_MAP_IPS = 1;
  private static final int NF_NAT_RANGE_PROTO_SPECIFIED = 1 << 1;
  private static final int NF_NAT_RANGE_PROTO_RANDOM_FULLY = 1 << 4;

  /// `struct nf_nat_ipv4_multi_range_compat`: the number of ranges and one.
  private static final int NAT_IPV4_BYTES = 20;

  private static final int NAT_IPV4_FLAGS = 4;

  /// `struct nf_nat_range` and `struct nf_nat_range2`, which begins like it.
  private static final int NAT_RANGE_BYTES = 40;

  private static final int NAT_RANGE2_BYTES = 42;
  private static final int NAT_MIN_ADDRESS = 4;
  private static final int NAT_MAX_ADDRESS = 20;
  private static final int NAT_MIN_PORT = 36;
  private static final int NAT_MAX_PORT = 38;

  private XtTargets() {}

  /// The target; null if it is none that we write.
  static @Nullable Target read(String name, int revision, byte[] held, IpFamily family) {
    return switch (name) {
      case "MARK" -> revision == 2 ? mark(held) : null;
      case "REJECT" -> revision == 0 ? reject(held, family) : null;
      case "MASQUERADE" -> revision == 0 ? masquerade(held, family) : null;
      case "DNAT" -> revision == 2 ? translate(held, family) : null;
      default -> null;
    };
  }

  private static @Nullable Target mark(byte[] held) {
    int bits = XtStruct.u32(held, 0);
    if (new XtStruct(MARK_BYTES).u32(0, bits).u32(4, bits).is(held)) {
      return new Target.SetMark(bits);
    }
    return new XtStruct(MARK_BYTES).u32(0, bits).is(held) ? new Target.FlipMark(bits) : null;
  }

  private static @Nullable Target reject(byte[] held, IpFamily family) {
    boolean ipv4 = family == IpFamily.IPV4;
    if (answers(held, ipv4 ? IPT_TCP_RESET : IP6T_TCP_RESET)) {
      return new Target.Reject(true);
    }
    return answers(held, ipv4 ? IPT_ICMP_PORT_UNREACHABLE : IP6T_ICMP6_PORT_UNREACH)
        ? new Target.Reject(false)
        : null;
  }

  private static boolean answers(byte[] held, int with) {
    return new XtStruct(REJECT_BYTES).u32(0, with).is(held);
  }

  private static @Nullable Target masquerade(byte[] held, IpFamily family) {
    for (boolean randomFully : new boolean[] {true, false}) {
      int flags = randomFully ? NF_NAT_RANGE_PROTO_RANDOM_FULLY : 0;
      XtStruct known =
          switch (family) {
            case IPV4 -> new XtStruct(NAT_IPV4_BYTES).u32(0, 1).u32(NAT_IPV4_FLAGS, flags);
            case IPV6 -> new XtStruct(NAT_RANGE_BYTES).u32(0, flags);
          };
      if (known.is(held)) {
        return new Target.Masquerade(randomFully);
      }
    }
    return null;
  }

  private static @Nullable Target translate(byte[] held, IpFamily family) {
    if (held.length < NAT_RANGE2_BYTES) {
      return null;
    }
    byte[] address =
        Arrays.copyOfRange(held, NAT_MIN_ADDRESS, NAT_MIN_ADDRESS + family.bits() / Byte.SIZE);
    int port = XtStruct.u16Big(held, NAT_MIN_PORT);
    XtStruct known =
        new XtStruct(NAT_RANGE2_BYTES)
            .u32(0, NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED)
            .bytes(NAT_MIN_ADDRESS, address)
            .bytes(NAT_MAX_ADDRESS, address)
            .u16Big(NAT_MIN_PORT, port)
            .u16Big(NAT_MAX_PORT, port);
    return known.is(held) && port != 0
        ? new Target.Translate(new Backend(IpAddress.ofBytes(address), port))
        : null;
  }
}
