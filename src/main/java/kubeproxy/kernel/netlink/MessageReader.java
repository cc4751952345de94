package kubeproxy.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Looks at received messages one after the other, without copying and without allocation:
///
/// ```java
/// reader.wrap(buffer);
/// while (reader.next()) {
///   switch (reader.type()) { … }
/// }
/// ```
///
/// Every access is checked against the length the message states and against the buffer; what does
/// not fit is a [MalformedMessageException]. Valid as long as the buffer keeps its content.
public final class MessageReader {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).order(ByteOrder.nativeOrder());

  private ByteBuffer buffer = NOTHING;
  private int start;
  private int length;
  private int next;
  private int end;

  /// Begins before the first message of the buffer's remaining bytes.
  public MessageReader wrap(ByteBuffer received) {
    buffer =
        received.order() == ByteOrder.nativeOrder()
            ? received
            : received.duplicate().order(ByteOrder.nativeOrder());
    start = received.position();
    next = start;
    end = received.limit();
    length = 0;
    return this;
  }

  /// Moves to the next message; false if there is none.
  public boolean next() throws MalformedMessageException {
    int remaining = end - next;
    if (remaining <= 0) {
      length = 0;
      return false;
    }
    if (remaining < Netlink.NLMSG_HDRLEN) {
      throw new MalformedMessageException(
          remaining + " bytes at offset " + next + " are no message header");
    }
    int stated = buffer.getInt(next);
    if (stated < Netlink.NLMSG_HDRLEN || stated > remaining) {
      throw new MalformedMessageException(
          "message at offset "
              + next
              + " has length "
              + Integer.toUnsignedString(stated)
              + " of "
              + remaining);
    }
    start = next;
    length = stated;
    next = Math.min(end, start + Netlink.align(stated));
    return true;
  }

  /// `nlmsg_type`.
  public int type() {
    return buffer.getShort(header(4)) & 0xffff;
  }

  /// `nlmsg_flags`.
  public int flags() {
    return buffer.getShort(header(6)) & 0xffff;
  }

  /// Whether all of `flags` are set.
  public boolean has(int flags) {
    return (flags() & flags) == flags;
  }

  /// `nlmsg_seq`: that of the request this answers, 0 in most notifications.
  public int sequence() {
    return buffer.getInt(header(8));
  }

  /// `nlmsg_pid`: port id of the socket that asked, or that caused the notification.
  public int portId() {
    return buffer.getInt(header(12));
  }

  /// Bytes after the message header.
  public int payloadLength() {
    return length - Netlink.NLMSG_HDRLEN;
  }

  /// The payload's byte at `offset`, unsigned.
  public int payloadU8(int offset) throws MalformedMessageException {
    return buffer.get(payload(offset, 1)) & 0xff;
  }

  /// The payload's two bytes at `offset`, native order, unsigned.
  public int payloadU16Native(int offset) throws MalformedMessageException {
    return buffer.getShort(payload(offset, 2)) & 0xffff;
  }

  /// The payload's two bytes at `offset`, big-endian, unsigned.
  public int payloadU16Big(int offset) throws MalformedMessageException {
    return ByteOrders.fromBig(buffer.getShort(payload(offset, 2))) & 0xffff;
  }

  /// The payload's four bytes at `offset`, native order.
  public int payloadU32Native(int offset) throws MalformedMessageException {
    return buffer.getInt(payload(offset, 4));
  }

  /// Lets `attributes` begin before the first attribute of this message.
  ///
  /// @param fixedHeader length of what the family puts between message header and attributes
  public Attributes attributes(Attributes attributes, int fixedHeader)
      throws MalformedMessageException {
    int aligned = Netlink.align(fixedHeader);
    if (aligned > payloadLength()) {
      if (fixedHeader == payloadLength()) {
        return attributes.wrap(buffer, start + length, start + length);
      }
      throw tooShort(fixedHeader);
    }
    return attributes.wrap(buffer, start + Netlink.NLMSG_HDRLEN + aligned, start + length);
  }

  // Programmer error, not input: the accessors of a header need a message.
  private int header(int offset) {
    if (length == 0) {
      throw new IllegalStateException("not at a message");
    }
    return start + offset;
  }

  private int payload(int offset, int bytes) throws MalformedMessageException {
    if (offset < 0 || payloadLength() - bytes < offset) {
      throw tooShort(offset + bytes);
    }
    return start + Netlink.NLMSG_HDRLEN + offset;
  }

  private MalformedMessageException tooShort(int wanted) {
    return new MalformedMessageException(
        "message at offset "
            + start
            + " has "
            + payloadLength()
            + " bytes of payload, not "
            + wanted);
  }
}
