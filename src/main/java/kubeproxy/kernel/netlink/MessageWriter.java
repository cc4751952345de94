package kubeproxy.kernel.netlink;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes netlink messages one after the other into direct memory, ready to be sent in one piece.
///
/// `beginMessage … endMessage`, inside it a fixed header by `raw…`, then attributes by `put…` or
/// `begin… / raw… / end…`. Padding and lengths are the writer's business. Misuse (an attribute left
/// open, one longer than a u16 can say, more than [#LIMIT_BYTES]) is an `IllegalStateException`.
///
/// Made for hot loops: nothing is allocated except when the memory has to grow, which doubles it.
/// Memory beyond [#RETAINED_BYTES] is returned to the system at once by [#clear], all but the
/// initial piece by [#trim]; it never waits for a garbage collection. Used by one thread at a time.
public final class MessageWriter implements AutoCloseable {

  /// The most that a writer holds. A socket's send buffer is an `int` that the kernel doubles, so
  /// nothing beyond this could be sent in one piece anyway.
  public static final int LIMIT_BYTES = 1 << 30;

  /// What [#clear] keeps: enough for the changes of every day, less than what would be noticed in a
  /// process that otherwise idles.
  public static final int RETAINED_BYTES = 1 << 20;

  /// The deepest nesting of attributes. The kernel's own policies reach about ten.
  public static final int DEPTH_LIMIT = 16;

  private static final int INITIAL_BYTES = 16 << 10;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  private static final int NONE = -1;

  private final ByteBuffer initial =
      ByteBuffer.allocateDirect(INITIAL_BYTES).order(ByteOrder.nativeOrder());
  private final int[] open = new int[DEPTH_LIMIT];
  private ByteBuffer buffer = initial;
  private @Nullable Arena grown;
  private int capacity = INITIAL_BYTES;
  private int position;
  private int message = NONE;
  private int depth;
  private int messageCount;

  /// Starts a message; the fixed header of its family and attributes follow.
  ///
  /// @param type `nlmsg_type`
  /// @param flags `nlmsg_flags`, NLM_F_…
  /// @param sequence `nlmsg_seq`, by which answers and errors name this message
  public MessageWriter beginMessage(int type, int flags, int sequence) {
    check(message == NONE, "the previous message was not ended");
    reserve(Netlink.NLMSG_HDRLEN);
    message = position;
    buffer.putInt(position, 0);
    buffer.putShort(position + 4, (short) type);
    buffer.putShort(position + 6, (short) flags);
    buffer.putInt(position + 8, sequence);
    buffer.putInt(position + 12, 0);
    position += Netlink.NLMSG_HDRLEN;
    return this;
  }

  /// Ends the message.
  public MessageWriter endMessage() {
    check(message != NONE, "no message was begun");
    check(depth == 0, "an attribute was not ended");
    buffer.putInt(message, position - message);
    pad();
    message = NONE;
    messageCount++;
    return this;
  }

  /// Adds flags to a message that was written before, for those only known later, as
  /// [Netlink#NLM_F_ACK] on the last one of a batch.
  ///
  /// @param start what [#position] was before its `beginMessage`
  public MessageWriter addMessageFlags(int start, int flags) {
    check(start >= 0 && start + Netlink.NLMSG_HDRLEN <= position, "no message there");
    buffer.putShort(start + 6, (short) (buffer.getShort(start + 6) | flags));
    return this;
  }

  /// Starts an attribute that holds attributes ([Netlink#NLA_F_NESTED] is set).
  public MessageWriter beginNested(int type) {
    return beginAttribute(type | Netlink.NLA_F_NESTED);
  }

  /// Ends the innermost attribute that was begun.
  public MessageWriter endNested() {
    return endAttribute();
  }

  /// Starts an attribute whose payload is written by `raw…`; no flag is added to the type.
  public MessageWriter beginAttribute(int type) {
    check(message != NONE, "no message was begun");
    check(depth < DEPTH_LIMIT, "attributes are nested too deeply");
    // A fixed header or a raw payload may have ended unaligned.
    pad();
    reserve(Netlink.NLA_HDRLEN);
    open[depth++] = position;
    putHeader(0, type);
    return this;
  }

  /// Ends the innermost attribute that was begun.
  public MessageWriter endAttribute() {
    check(depth > 0, "no attribute was begun");
    int start = open[--depth];
    int length = position - start;
    check(length <= Netlink.ATTRIBUTE_LIMIT_BYTES, "an attribute is longer than 65535 bytes");
    buffer.putShort(start, (short) length);
    pad();
    return this;
  }

  /// Length so far of the innermost open attribute, with its header: what has to stay within
  /// [Netlink#ATTRIBUTE_LIMIT_BYTES].
  public int attributeLength() {
    check(depth > 0, "no attribute was begun");
    return position - open[depth - 1];
  }

  /// Length so far of the open message, with its header.
  public int messageLength() {
    check(message != NONE, "no message was begun");
    return position - message;
  }

  /// Bytes written so far.
  public int position() {
    return position;
  }

  /// Messages ended so far.
  public int messageCount() {
    return messageCount;
  }

  /// An attribute without payload, whose presence says it all.
  public MessageWriter putFlag(int type) {
    return attribute(type, 0);
  }

  public MessageWriter putU8(int type, int value) {
    attribute(type, 1);
    return rawU8(value).pad();
  }

  public MessageWriter putU16Native(int type, int value) {
    attribute(type, 2);
    return rawU16Native(value).pad();
  }

  public MessageWriter putU16Big(int type, int value) {
    attribute(type, 2);
    return rawU16Big(value).pad();
  }

  public MessageWriter putU32Native(int type, int value) {
    attribute(type, 4);
    return rawU32Native(value);
  }

  public MessageWriter putU32Big(int type, int value) {
    attribute(type, 4);
    return rawU32Big(value);
  }

  public MessageWriter putU64Native(int type, long value) {
    attribute(type, 8);
    return rawU64Native(value);
  }

  public MessageWriter putU64Big(int type, long value) {
    attribute(type, 8);
    return rawU64Big(value);
  }

  public MessageWriter putBytes(int type, byte[] value) {
    check(value.length <= payloadLimit(), "an attribute is longer than 65535 bytes");
    attribute(type, value.length);
    return rawBytes(value).pad();
  }

  /// A string with the terminating zero byte that the kernel wants (`NLA_NUL_STRING`).
  public MessageWriter putString(int type, String value) {
    beginAttribute(type);
    return rawString(value).rawU8(0).endAttribute();
  }

  public MessageWriter rawU8(int value) {
    reserve(1);
    buffer.put(position, (byte) value);
    position += 1;
    return this;
  }

  public MessageWriter rawU16Native(int value) {
    reserve(2);
    buffer.putShort(position, (short) value);
    position += 2;
    return this;
  }

  public MessageWriter rawU16Big(int value) {
    return rawU16Native(LITTLE_ENDIAN ? Short.reverseBytes((short) value) : value);
  }

  public MessageWriter rawU32Native(int value) {
    reserve(4);
    buffer.putInt(position, value);
    position += 4;
    return this;
  }

  public MessageWriter rawU32Big(int value) {
    return rawU32Native(LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
  }

  public MessageWriter rawU64Native(long value) {
    reserve(8);
    buffer.putLong(position, value);
    position += 8;
    return this;
  }

  public MessageWriter rawU64Big(long value) {
    return rawU64Native(LITTLE_ENDIAN ? Long.reverseBytes(value) : value);
  }

  public MessageWriter rawBytes(byte[] value) {
    reserve(value.length);
    buffer.put(position, value);
    position += value.length;
    return this;
  }

  /// That many zero bytes.
  public MessageWriter rawZeros(int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      buffer.put(position + i, (byte) 0);
    }
    position += count;
    return this;
  }

  /// The characters in UTF-8, without a terminator.
  public MessageWriter rawString(String value) {
    int length = value.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return rawBytes(value.getBytes(StandardCharsets.UTF_8));
      }
      buffer.put(position + i, (byte) c);
    }
    position += length;
    return this;
  }

  /// What was written: a view from 0 to [#position], in native order, valid until the next change.
  public ByteBuffer bytes() {
    check(message == NONE, "the message was not ended");
    return buffer.slice(0, position).order(ByteOrder.nativeOrder());
  }

  /// Forgets what was written, and gives back memory beyond [#RETAINED_BYTES].
  public MessageWriter clear() {
    position = 0;
    message = NONE;
    depth = 0;
    messageCount = 0;
    if (capacity > RETAINED_BYTES) {
      release();
    }
    return this;
  }

  /// Forgets what was written, and gives back all memory but the initial piece.
  public MessageWriter trim() {
    clear();
    release();
    return this;
  }

  /// Bytes of memory held now.
  public int capacity() {
    return capacity;
  }

  /// As [#trim]; the writer stays usable.
  @Override
  public void close() {
    trim();
  }

  // Begins an attribute whose payload has a known length and follows at once.
  private MessageWriter attribute(int type, int payload) {
    check(message != NONE, "no message was begun");
    pad();
    reserve(Netlink.NLA_HDRLEN + payload);
    putHeader(Netlink.NLA_HDRLEN + payload, type);
    return this;
  }

  private void putHeader(int length, int type) {
    buffer.putShort(position, (short) length);
    buffer.putShort(position + 2, (short) type);
    position += Netlink.NLA_HDRLEN;
  }

  private static int payloadLimit() {
    return Netlink.ATTRIBUTE_LIMIT_BYTES - Netlink.NLA_HDRLEN;
  }

  private MessageWriter pad() {
    int padding = -position & (Netlink.ALIGNMENT - 1);
    return padding == 0 ? this : rawZeros(padding);
  }

  private void reserve(int bytes) {
    if (capacity - position < bytes) {
      grow(bytes);
    }
  }

  private void grow(int bytes) {
    long wanted = capacity;
    while (wanted - position < bytes) {
      wanted *= 2;
    }
    check(wanted <= LIMIT_BYTES, "more than 1 GiB of messages");
    // An arena, because it can be freed at once; shared, because the writer may be handed over to
    // another thread.
    Arena arena = Arena.ofShared();
    ByteBuffer larger =
        arena.allocate(wanted, Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
    larger.put(0, buffer, 0, position);
    release();
    grown = arena;
    buffer = larger;
    capacity = (int) wanted;
  }

  private void release() {
    if (grown != null) {
      grown.close();
      grown = null;
    }
    buffer = initial;
    capacity = INITIAL_BYTES;
  }

  private static void check(boolean expected, String otherwise) {
    if (!expected) {
      throw new IllegalStateException(otherwise);
    }
  }
}
