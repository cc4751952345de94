package kubeproxy.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MessageReaderTest {

  private static final int FUZZ_ROUNDS = 200_000;

  private final MessageReader reader = new MessageReader();
  private final Attributes attributes = new Attributes();
  private final Attributes inner = new Attributes();

  @Test
  void whatWasWrittenIsRead() throws Exception {
    reader.wrap(sample());
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(0xfffe);
    assertThat(reader.flags()).isEqualTo(0x8005);
    assertThat(reader.has(5)).isTrue();
    assertThat(reader.has(7)).isFalse();
    assertThat(reader.sequence()).isEqualTo(-3);
    assertThat(reader.payloadU8(0)).isEqualTo(0xfd);
    assertThat(reader.payloadU16Big(2)).isEqualTo(0xfcfb);
    reader.attributes(attributes, 4);
    assertNext(1, 1);
    assertThat(attributes.u8()).isEqualTo(0xff);
    assertNext(2, 2);
    assertThat(attributes.u16Native()).isEqualTo(0xfeff);
    assertNext(3, 2);
    assertThat(attributes.u16Big()).isEqualTo(0xfeff);
    assertNext(4, 4);
    assertThat(attributes.u32Native()).isEqualTo(0x81020304);
    assertNext(5, 4);
    assertThat(attributes.u32Big()).isEqualTo(0x81020304);
    assertNext(6, 8);
    assertThat(attributes.u64Native()).isEqualTo(0x8102030405060708L);
    assertNext(7, 8);
    assertThat(attributes.u64Big()).isEqualTo(0x8102030405060708L);
    assertThat(attributes.u32Big(4)).isEqualTo(0x05060708);
    assertNext(8, 6);
    assertThat(attributes.string()).isEqualTo("naïf");
    assertNext(9, 3);
    assertThat(attributes.bytes()).containsExactly(1, 2, 3);
    assertThat(attributes.isNested()).isFalse();
    assertNext(10, 12);
    assertThat(attributes.isNested()).isTrue();
    attributes.nested(inner);
    assertThat(inner.next()).isTrue();
    assertThat(inner.type()).isEqualTo(1);
    assertThat(inner.u32Big()).isEqualTo(7);
    assertThat(inner.next()).isTrue();
    assertThat(inner.length()).isZero();
    assertThat(inner.next()).isFalse();
    assertThat(attributes.next()).isFalse();
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(17);
    assertThat(reader.payloadLength()).isZero();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void aNumberInAShortAttributeIsMalformed() throws Exception {
    ByteBuffer bytes =
        new MessageWriter().beginMessage(16, 0, 1).putU16Big(1, 1).endMessage().bytes();
    reader.wrap(bytes).next();
    reader.attributes(attributes, 0).next();
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(attributes::u32Big)
        .withMessage("attribute 1 at offset 16 has 2 bytes, not 4");
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> attributes.u32Big(Integer.MAX_VALUE));
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> attributes.u32Big(-4));
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> reader.payloadU8(Integer.MAX_VALUE));
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> reader.attributes(attributes, 64));
  }

  @Test
  void accessWithoutAnAttributeIsAMistake() throws Exception {
    assertThatIllegalStateException().isThrownBy(reader::type);
    assertThatIllegalStateException().isThrownBy(attributes::type);
    reader.wrap(sample()).next();
    reader.attributes(attributes, 4);
    assertThatIllegalStateException().isThrownBy(attributes::length);
  }

  @Test
  void damagedBytesAreReadOrMalformedButNeverReadBeyond() {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] intact = array(sample());
    int malformed = 0;
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
      byte[] damaged = damage(intact, random);
      // Behind the end lies what must never be seen: an access there is an exception of the buffer.
      ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.nativeOrder());
      try {
        readAll(bytes);
      } catch (MalformedMessageException expected) {
        malformed++;
      } catch (RuntimeException failure) {
        throw new AssertionError("kubeproxy.seed=" + seed + ", round " + round, failure);
      }
    }
    assertThat(malformed).as("seed %s", seed).isBetween(FUZZ_ROUNDS / 10, FUZZ_ROUNDS);
  }

  private void readAll(ByteBuffer bytes) throws MalformedMessageException {
    reader.wrap(bytes);
    while (reader.next()) {
      NetlinkError.read(reader, attributes);
      reader.attributes(attributes, 4);
      while (attributes.next()) {
        attributes.string();
        if (attributes.isNested()) {
          readNested();
        }
        attributes.u8();
        attributes.u16Big();
        if (attributes.length() > 2) {
          attributes.u32Native();
        }
      }
    }
  }

  private void readNested() throws MalformedMessageException {
    attributes.nested(inner);
    while (inner.next()) {
      inner.bytes();
    }
  }

  private static byte[] damage(byte[] intact, Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(intact.length) : intact.length;
    byte[] damaged = Arrays.copyOf(intact, length);
    for (int i = random.nextInt(4); i > 0 && length > 0; i--) {
      damaged[random.nextInt(length)] = (byte) random.nextInt();
    }
    return damaged;
  }

  private void assertNext(int type, int length) throws MalformedMessageException {
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.type()).isEqualTo(type);
    assertThat(attributes.length()).isEqualTo(length);
  }

  private static ByteBuffer sample() {
    return new MessageWriter()
        .beginMessage(0xfffe, 0x8005, -3)
        .rawU8(0xfd)
        .rawU8(0)
        .rawU16Big(0xfcfb)
        .putU8(1, 0xff)
        .putU16Native(2, 0xfeff)
        .putU16Big(3, 0xfeff)
        .putU32Native(4, 0x81020304)
        .putU32Big(5, 0x81020304)
        .putU64Native(6, 0x8102030405060708L)
        .putU64Big(7, 0x8102030405060708L)
        .putString(8, "naïf")
        .putBytes(9, new byte[] {1, 2, 3})
        .beginNested(10)
        .putU32Big(1, 7)
        .putFlag(2)
        .endNested()
        .endMessage()
        .beginMessage(17, 0, 2)
        .endMessage()
        .bytes();
  }

  private static byte[] array(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }
}
