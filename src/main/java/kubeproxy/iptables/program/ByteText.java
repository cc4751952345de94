package kubeproxy.iptables.program;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;

/// Text as bytes that grow at their end: a large cluster is 50 MB of rules, which should not be
/// made as strings first. Used by one thread.
public final class ByteText {
  private static final int INITIAL_BYTES = 1 << 12;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  /// Number of bytes so far.
  public int length() {
    return length;
  }

  /// Forgets what was written from there on.
  public void truncate(int newLength) {
    if (newLength > length) {
      throw new IllegalArgumentException("there are but " + length + " bytes");
    }
    length = newLength;
  }

  /// A copy of the bytes.
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /// Whether a part of other bytes is the same as all of these.
  public boolean equalsRange(byte[] other, int from, int to) {
    return Arrays.equals(bytes, 0, length, other, from, to);
  }

  /// Appends a text; characters beyond ASCII as UTF-8.
  @SuppressWarnings("deprecation") // the fast way to copy the low bytes of what is ASCII anyway
  public ByteText add(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, bytes, length);
    for (int i = 0; i < count; i++) {
      if (text.charAt(i) >= 0x80) {
        return addBytes(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    length += count;
    return this;
  }

  /// Appends one ASCII character.
  public ByteText add(char character) {
    reserve(1);
    bytes[length++] = (byte) character;
    return this;
  }

  /// Appends a number in decimal; not negative.
  public ByteText add(int number) {
    if (number >= 10) {
      add(number / 10);
    }
    return add((char) ('0' + number % 10));
  }

  /// Appends an address.
  public ByteText add(IpAddress address) {
    if (address instanceof Ipv4Address(int bits)) {
      return add(bits >>> 24)
          .add('.')
          .add((bits >>> 16) & 0xff)
          .add('.')
          .add((bits >>> 8) & 0xff)
          .add('.')
          .add(bits & 0xff);
    }
    return add(address.toString());
  }

  private ByteText addBytes(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }

  /// The text.
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
