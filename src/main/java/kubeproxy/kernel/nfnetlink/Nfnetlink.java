package kubeproxy.kernel.nfnetlink;

import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;

/// Numbers and the header of `linux/netfilter/nfnetlink.h`, spelled as there.
public final class Nfnetlink {

  public static final int NFNL_SUBSYS_CTNETLINK = 1;
  public static final int NFNL_SUBSYS_IPSET = 6;
  public static final int NFNL_SUBSYS_NFTABLES = 10;

  public static final int NFNL_MSG_BATCH_BEGIN = 0x10;
  public static final int NFNL_MSG_BATCH_END = 0x11;
  public static final int NFNL_BATCH_GENID = 1;

  /// Multicast group of the notifications of nf_tables.
  public static final int NFNLGRP_NFTABLES = 7;

  /// The families a message can be about (`NFPROTO_…`, `linux/netfilter.h`).
  public static final int NFPROTO_UNSPEC = 0;

  public static final int NFPROTO_INET = 1;
  public static final int NFPROTO_IPV4 = 2;
  public static final int NFPROTO_IPV6 = 10;

  /// Length of `struct nfgenmsg`, which is between message header and attributes.
  public static final int HEADER_BYTES = 4;

  private static final int NFNETLINK_V0 = 0;

  private Nfnetlink() {}

  /// The type of a message: `nlmsg_type`.
  public static int type(int subsystem, int message) {
    return subsystem << 8 | message;
  }

  /// The subsystem that a type belongs to.
  public static int subsystem(int type) {
    return type >>> 8;
  }

  /// The message of its subsystem that a type stands for.
  public static int message(int type) {
    return type & 0xff;
  }

  /// Writes `struct nfgenmsg`.
  ///
  /// @param family `NFPROTO_…`
  /// @param resource `res_id`, big-endian: the subsystem in the messages that frame a batch, else 0
  public static MessageWriter header(MessageWriter writer, int family, int resource) {
    return writer.rawU8(family).rawU8(NFNETLINK_V0).rawU16Big(resource);
  }

  /// The family a received message is about.
  public static int family(MessageReader message) throws MalformedMessageException {
    return message.payloadU8(0);
  }

  /// `res_id` of a received message: in those of nf_tables the lower 16 bits of the generation.
  public static int resource(MessageReader message) throws MalformedMessageException {
    return message.payloadU16Big(2);
  }
}
