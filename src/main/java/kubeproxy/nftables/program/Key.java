package kubeproxy.nftables.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// The bytes of a key or value as the kernel holds them: components in network order, each padded
/// to whole registers; an index in the order of this machine, as `numgen` makes it.
///
/// Ordered by unsigned bytes.
public final class Key implements Comparable<Key> {
  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The key of these bytes, which the caller gives away.
  public static Key ofBytes(byte[] bytes) {
    return new Key(bytes);
  }

  /// Starts a key.
  public static Builder builder(int length) {
    return new Builder(length);
  }

  /// Number of bytes.
  public int length() {
    return bytes.length;
  }

  /// Appends the bytes to a buffer.
  public void writeTo(ByteBuffer buffer) {
    buffer.put(bytes);
  }

  /// A copy of the bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  /// The first bytes of this key, as a key.
  public Key prefix(int length) {
    return new Key(Arrays.copyOf(bytes, length));
  }

  /// This key with an index behind it.
  public Key withIndex(int index) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + FieldType.REGISTER_BYTES);
    ByteBuffer.wrap(longer).order(ByteOrder.nativeOrder()).putInt(bytes.length, index);
    return new Key(longer);
  }

  /// The index at the end.
  public int trailingIndex() {
    return ByteBuffer.wrap(bytes)
        .order(ByteOrder.nativeOrder())
        .getInt(bytes.length - FieldType.REGISTER_BYTES);
  }

  /// The endpoint whose address and port these bytes are.
  public Backend toBackend(IpFamily family) {
    int port = ByteBuffer.wrap(bytes).getShort(family.bytes()) & 0xffff;
    return new Backend(IpAddress.ofBytes(Arrays.copyOf(bytes, family.bytes())), port);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  /// Puts a key together, component by component.
  public static final class Builder {
    private final ByteBuffer buffer;

    private Builder(int length) {
      buffer = ByteBuffer.allocate(length);
    }

    /// An address.
    public Builder address(IpAddress address) {
      switch (address) {
        case Ipv4Address(int bits) -> buffer.putInt(bits);
        case Ipv6Address(long high, long low) -> buffer.putLong(high).putLong(low);
      }
      return this;
    }

    /// A protocol number and its padding.
    public Builder protocol(Protocol protocol) {
      buffer.put((byte) protocol.number()).put((byte) 0).putShort((short) 0);
      return this;
    }

    /// A port and its padding.
    public Builder port(int port) {
      buffer.putShort((short) port).putShort((short) 0);
      return this;
    }

    /// The key; all its bytes must have been put.
    public Key build() {
      if (buffer.hasRemaining()) {
        throw new IllegalStateException(buffer.remaining() + " bytes of the key are missing");
      }
      return new Key(buffer.array());
    }
  }
}
