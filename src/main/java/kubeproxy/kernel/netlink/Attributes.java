package kubeproxy.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Looks at the attributes of a message, or of a nested attribute, one after the other, without
/// copying and without allocation:
///
/// ```java
/// message.attributes(attributes, fixedHeader);
/// while (attributes.next()) {
///   switch (attributes.type()) { … }
/// }
/// ```
///
/// A nested attribute is looked at with a second object, [#nested]. Every access is checked against
/// the attribute's length: a number in an attribute too short for it is a
/// [MalformedMessageException], in a longer one it is the first bytes, as in the kernel.
public final class Attributes {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).order(ByteOrder.nativeOrder());

  private ByteBuffer buffer = NOTHING;
  private int start;
  private int length;
  private int next;
  private int end;

  /// Begins before the first attribute of the bytes between two offsets.
  ///
  /// @param received in native byte order
  Attributes wrap(ByteBuffer received, int from, int to) {
    buffer = received;
    start = from;
    next = from;
    end = to;
    length = 0;
    return this;
  }

  /// Moves to the next attribute; false if there is none.
  public boolean next() throws MalformedMessageException {
    int remaining = end - next;
    if (remaining <= 0) {
      length = 0;
      return false;
    }
    if (remaining < Netlink.NLA_HDRLEN) {
      throw new MalformedMessageException(
          remaining + " bytes at offset " + next + " are no attribute header");
    }
    int stated = buffer.getShort(next) & 0xffff;
    if (stated < Netlink.NLA_HDRLEN || stated > remaining) {
      throw new MalformedMessageException(
          "attribute at offset " + next + " has length " + stated + " of " + remaining);
    }
    start = next;
    length = stated;
    next = Math.min(end, start + Netlink.align(stated));
    return true;
  }

  /// `nla_type` without its flags.
  public int type() {
    return rawType() & Netlink.NLA_TYPE_MASK;
  }

  /// Whether the sender marked the payload as attributes. Older senders do not.
  public boolean isNested() {
    return (rawType() & Netlink.NLA_F_NESTED) != 0;
  }

  /// Bytes of payload.
  public int length() {
    rawType();
    return length - Netlink.NLA_HDRLEN;
  }

  public int u8() throws MalformedMessageException {
    return buffer.get(payload(0, 1)) & 0xff;
  }

  public int u16Native() throws MalformedMessageException {
    return buffer.getShort(payload(0, 2)) & 0xffff;
  }

  public int u16Big() throws MalformedMessageException {
    return ByteOrders.fromBig(buffer.getShort(payload(0, 2))) & 0xffff;
  }

  public int u32Native() throws MalformedMessageException {
    return buffer.getInt(payload(0, 4));
  }

  public int u32Big() throws MalformedMessageException {
    return u32Big(0);
  }

  /// The four bytes at `offset` of the payload, big-endian: for payloads that are several registers
  /// or addresses.
  public int u32Big(int offset) throws MalformedMessageException {
    return ByteOrders.fromBig(buffer.getInt(payload(offset, 4)));
  }

  public long u64Native() throws MalformedMessageException {
    return buffer.getLong(payload(0, 8));
  }

  public long u64Big() throws MalformedMessageException {
    return u64Big(0);
  }

  /// The eight bytes at `offset` of the payload, big-endian.
  public long u64Big(int offset) throws MalformedMessageException {
    return ByteOrders.fromBig(buffer.getLong(payload(offset, 8)));
  }

  /// The payload as a fresh array.
  public byte[] bytes() {
    byte[] bytes = new byte[length()];
    buffer.get(start + Netlink.NLA_HDRLEN, bytes);
    return bytes;
  }

  /// The payload as text, up to its first zero byte.
  public String string() {
    byte[] bytes = bytes();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /// Lets `inner` begin before the first attribute inside this one, and returns it.
  ///
  /// @param inner another object than this one
  public Attributes nested(Attributes inner) {
    rawType();
    return inner.wrap(buffer, start + Netlink.NLA_HDRLEN, start + length);
  }

  // Programmer error, not input: the accessors need an attribute.
  private int rawType() {
    if (length == 0) {
      throw new IllegalStateException("not at an attribute");
    }
    return buffer.getShort(start + 2) & 0xffff;
  }

  private int payload(int offset, int bytes) throws MalformedMessageException {
    if (offset < 0 || length() - bytes < offset) {
      throw new MalformedMessageException(
          "attribute "
              + type()
              + " at offset "
              + start
              + " has "
              + length()
              + " bytes, not "
              + (offset + bytes));
    }
    return start + Netlink.NLA_HDRLEN + offset;
  }
}
