package kubeproxy.kernel.netlink;

import kubeproxy.kernel.libc.Errno;

/// A message that the kernel refused.
///
/// @param errno the error number, positive
/// @param sequence sequence number of the refused message
/// @param message the kernel's own explanation (extended acknowledgement), or empty
/// @param attributeOffset offset of the offending attribute from the start of the refused message,
///     header included, or [#NO_OFFSET]
public record NetlinkError(int errno, int sequence, String message, int attributeOffset) {

  /// The kernel did not say which attribute.
  public static final int NO_OFFSET = -1;

  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int NLMSGERR_ATTR_OFFS = 2;
  private static final int ERROR_BYTES = 4;

  /// Reads the message the reader is at, which is a [Netlink#NLMSG_ERROR] (`struct nlmsgerr`) or a
  /// [Netlink#NLMSG_DONE] with an error. An error number of 0 is an acknowledgement.
  ///
  /// @param attributes to be used for the reading
  static NetlinkError read(MessageReader reader, Attributes attributes)
      throws MalformedMessageException {
    int errno = -reader.payloadU32Native(0);
    String message = "";
    int offset = NO_OFFSET;
    if (reader.has(Netlink.NLM_F_ACK_TLVS)) {
      reader.attributes(attributes, explanationOffset(reader, errno));
      while (attributes.next()) {
        if (attributes.type() == NLMSGERR_ATTR_MSG) {
          message = attributes.string();
        } else if (attributes.type() == NLMSGERR_ATTR_OFFS) {
          offset = attributes.u32Native();
        }
      }
    }
    return new NetlinkError(errno, reader.sequence(), message, offset);
  }

  /// Whether the kernel answered with `expected`.
  public boolean is(Errno expected) {
    return errno == expected.number();
  }

  /// The symbolic name, as `EEXIST`.
  public String name() {
    return Errno.nameOf(errno);
  }

  @Override
  public String toString() {
    String text = name() + " (" + Errno.textOf(errno) + ")";
    if (!message.isEmpty()) {
      text += ": " + message;
    }
    if (attributeOffset != NO_OFFSET) {
      text += ", attribute at offset " + attributeOffset;
    }
    return text + ", message " + sequence;
  }

  // In an error the refused message comes back, whole unless capped; in an acknowledgement its
  // header only; at the end of a dump nothing of it.
  private static int explanationOffset(MessageReader reader, int errno)
      throws MalformedMessageException {
    if (reader.type() == Netlink.NLMSG_DONE) {
      return ERROR_BYTES;
    }
    boolean whole = errno != 0 && !reader.has(Netlink.NLM_F_CAPPED);
    if (!whole) {
      return ERROR_BYTES + Netlink.NLMSG_HDRLEN;
    }
    int refusedLength = reader.payloadU32Native(ERROR_BYTES);
    if (refusedLength < Netlink.NLMSG_HDRLEN || refusedLength > reader.payloadLength()) {
      throw new MalformedMessageException(
          "an error returns a message of length " + Integer.toUnsignedString(refusedLength));
    }
    return ERROR_BYTES + refusedLength;
  }
}
