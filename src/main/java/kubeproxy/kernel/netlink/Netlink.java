package kubeproxy.kernel.netlink;

/// Numbers of `linux/netlink.h`, spelled as there.
public final class Netlink {

  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;
  public static final int NETLINK_GENERIC = 16;

  public static final int NLMSG_NOOP = 1;
  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;
  public static final int NLMSG_OVERRUN = 4;

  /// The kernel wants an answer: every message that asks for something has it.
  public static final int NLM_F_REQUEST = 0x1;

  /// The answer has several messages and ends with [#NLMSG_DONE].
  public static final int NLM_F_MULTI = 0x2;

  /// Answer even if all is well.
  public static final int NLM_F_ACK = 0x4;

  public static final int NLM_F_ECHO = 0x8;

  /// What was dumped changed meanwhile: objects may be missing from the answer.
  public static final int NLM_F_DUMP_INTR = 0x10;

  public static final int NLM_F_DUMP_FILTERED = 0x20;

  /// In a request that creates.
  public static final int NLM_F_REPLACE = 0x100;

  public static final int NLM_F_EXCL = 0x200;
  public static final int NLM_F_CREATE = 0x400;
  public static final int NLM_F_APPEND = 0x800;

  /// In a request that reads: all objects (`NLM_F_ROOT | NLM_F_MATCH`).
  public static final int NLM_F_DUMP = 0x300;

  /// In a request that deletes: not one object but all that match.
  public static final int NLM_F_NONREC = 0x100;

  /// In an error: the refused message was not sent back but for its header.
  public static final int NLM_F_CAPPED = 0x100;

  /// In an error: attributes that explain it follow.
  public static final int NLM_F_ACK_TLVS = 0x200;

  public static final int NLA_F_NESTED = 0x8000;
  public static final int NLA_F_NET_BYTEORDER = 0x4000;

  /// What remains of an attribute's type without the two flags.
  public static final int NLA_TYPE_MASK = 0x3fff;

  /// Length of a message header: length u32, type u16, flags u16, sequence u32, port id u32.
  public static final int NLMSG_HDRLEN = 16;

  /// Length of an attribute header: length u16, type u16.
  public static final int NLA_HDRLEN = 4;

  /// Messages and attributes start at multiples of this.
  public static final int ALIGNMENT = 4;

  /// An attribute's length is a u16 that counts its header, not its padding.
  public static final int ATTRIBUTE_LIMIT_BYTES = 0xffff;

  private Netlink() {}

  /// The next multiple of [#ALIGNMENT].
  public static int align(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
