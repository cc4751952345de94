package kubeproxy.iptables.apply;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A structure of xtables, of which matches and targets are in the byte order of the machine. To
/// read one, the few values that we know are taken out of it and the structure that we would write
/// for them is made: it is understood if both are the same, so that no value is overlooked.
final class XtStruct {
  private final byte[] bytes;
  private final ByteBuffer values;

  /// @param length without what the kernel uses for itself at its end
  XtStruct(int length) {
    bytes = new byte[length];
    values = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  XtStruct u8(int offset, int value) {
    bytes[offset] = (byte) value;
    return this;
  }

  XtStruct u16(int offset, int value) {
    values.putShort(offset, (short) value);
    return this;
  }

  XtStruct u16Big(int offset, int value) {
    return u8(offset, value >>> 8).u8(offset + 1, value);
  }

  XtStruct u32(int offset, int value) {
    values.putInt(offset, value);
    return this;
  }

  XtStruct text(int offset, String text) {
    return bytes(offset, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  XtStruct bytes(int offset, byte[] part) {
    System.arraycopy(part, 0, bytes, offset, part.length);
    return this;
  }

  XtStruct fill(int offset, int length, int value) {
    Arrays.fill(bytes, offset, offset + length, (byte) value);
    return this;
  }

  /// Whether the kernel holds this; what it has after the end does not count.
  boolean is(byte[] held) {
    return held.length >= bytes.length
        && Arrays.equals(bytes, 0, bytes.length, held, 0, bytes.length);
  }

  /// The two bytes at an offset, 0 if there are none.
  static int u16(byte[] held, int offset) {
    return offset + 2 > held.length
        ? 0
        : ByteBuffer.wrap(held).order(ByteOrder.nativeOrder()).getShort(offset) & 0xffff;
  }

  /// The same, big-endian.
  static int u16Big(byte[] held, int offset) {
    return offset + 2 > held.length ? 0 : ByteBuffer.wrap(held).getShort(offset) & 0xffff;
  }

  /// The four bytes at an offset, 0 if there are none.
  static int u32(byte[] held, int offset) {
    return offset + 4 > held.length
        ? 0
        : ByteBuffer.wrap(held).order(ByteOrder.nativeOrder()).getInt(offset);
  }

  /// The characters from an offset up to a zero byte, at most so many.
  static String text(byte[] held, int offset, int length) {
    int limit = Math.min(held.length, offset + length);
    int end = offset;
    while (end < limit && held[end] != 0) {
      end++;
    }
    return end <= offset ? "" : new String(held, offset, end - offset, StandardCharsets.ISO_8859_1);
  }
}
