package kubeproxy.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Bytes as a little-endian kernel reads them; both supported architectures are.
final class MessageWriterTest {

  @Test
  void aMessageHasItsLengthTypeFlagsAndSequence() {
    assertThat(written(w -> w.beginMessage(0x0a01, 0x0405, 0x01020304).endMessage()))
        .isEqualTo(hex("10000000 010a 0504 04030201 00000000"));
  }

  @Test
  void numbersAreInTheByteOrderTheirMethodNames() {
    assertThat(attributes(w -> w.putU8(1, 0xfe))).isEqualTo(hex("0500 0100 fe000000"));
    assertThat(attributes(w -> w.putU16Native(2, 0xfedc))).isEqualTo(hex("0600 0200 dcfe0000"));
    assertThat(attributes(w -> w.putU16Big(2, 0xfedc))).isEqualTo(hex("0600 0200 fedc0000"));
    assertThat(attributes(w -> w.putU32Native(3, 0x01020304))).isEqualTo(hex("0800 0300 04030201"));
    assertThat(attributes(w -> w.putU32Big(3, 0x01020304))).isEqualTo(hex("0800 0300 01020304"));
    assertThat(attributes(w -> w.putU64Native(4, 0x0102030405060708L)))
        .isEqualTo(hex("0c00 0400 08070605 04030201"));
    assertThat(attributes(w -> w.putU64Big(4, 0x0102030405060708L)))
        .isEqualTo(hex("0c00 0400 01020304 05060708"));
  }

  @Test
  void payloadsArePaddedButNotCountedSo() {
    assertThat(attributes(w -> w.putBytes(1, new byte[] {1, 2, 3}).putFlag(2)))
        .isEqualTo(hex("0700 0100 01020300 0400 0200"));
  }

  @Test
  void stringsEndWithZeroAndAreUtf8() {
    assertThat(attributes(w -> w.putString(1, "abc"))).isEqualTo(hex("0800 0100 61626300"));
    assertThat(attributes(w -> w.putString(1, ""))).isEqualTo(hex("0500 0100 00000000"));
    assertThat(attributes(w -> w.putString(1, "aé"))).isEqualTo(hex("0800 0100 61c3a900"));
  }

  @Test
  void nestedAttributesCarryTheFlagAndTheLengthOfTheirContent() {
    assertThat(
            attributes(w ->
                w.beginNested(5)
                    .putU8(1, 7)
                    .beginNested(6)
                    .putU32Big(2, 9)
                    .endNested()
                    .endNested()))
        .isEqualTo(hex("1800 0580 0500 0100 07000000 0c00 0680 0800 0200 00000009"));
  }

  @Test
  void rawPayloadsArePaddedAtTheEndOfTheirAttribute() {
    assertThat(
            attributes(
                w -> w.beginAttribute(1).rawU16Big(80).rawZeros(3).endAttribute().putFlag(2)))
        .isEqualTo(hex("0900 0100 00500000 00000000 0400 0200"));
  }

  @Test
  void anUnalignedHeaderIsPaddedBeforeTheFirstAttribute() {
    assertThat(written(w -> w.beginMessage(16, 1, 1).rawU8(2).putFlag(3).endMessage()))
        .isEqualTo(hex("18000000 1000 0100 01000000 00000000 02000000 0400 0300"));
  }

  @Test
  void flagsCanBeAddedToAFormerMessage() {
    assertThat(
            written(w ->
                w.beginMessage(16, 1, 1)
                    .endMessage()
                    .beginMessage(17, 1, 2)
                    .endMessage()
                    .addMessageFlags(16, 4)))
        .isEqualTo(
            hex("10000000 1000 0100 01000000 00000000 10000000 1100 0500 02000000 00000000"));
  }

  @Test
  void growingKeepsWhatWasWrittenAndTrimmingGivesTheMemoryBack() {
    try (MessageWriter writer = new MessageWriter()) {
      int initial = writer.capacity();
      int messages = 100_000;
      for (int i = 0; i < messages; i++) {
        writer.beginMessage(16, 1, i).putU64Big(1, i).putU32Native(2, ~i).endMessage();
      }
      assertThat(writer.messageCount()).isEqualTo(messages);
      ByteBuffer bytes = writer.bytes();
      assertThat(bytes.remaining()).isEqualTo(messages * 36).isEqualTo(writer.position());
      for (int i = 0; i < messages; i++) {
        assertThat(bytes.getInt(i * 36 + 8)).isEqualTo(i);
        assertThat(Long.reverseBytes(bytes.getLong(i * 36 + 20))).isEqualTo(i);
        assertThat(bytes.getInt(i * 36 + 32)).isEqualTo(~i);
      }
      assertThat(writer.clear().capacity()).isEqualTo(initial);
      assertThat(writer.bytes().remaining()).isZero();
    }
  }

  @Test
  void ordinaryAmountsOfMemoryAreKeptUntilTrimmed() {
    MessageWriter writer = new MessageWriter();
    int initial = writer.capacity();
    writer.beginMessage(16, 1, 1).rawZeros(MessageWriter.RETAINED_BYTES / 2).endMessage();
    assertThat(writer.clear().capacity()).isEqualTo(MessageWriter.RETAINED_BYTES);
    assertThat(writer.trim().capacity()).isEqualTo(initial);
  }

  @Test
  void lengthsOfWhatIsOpenAreKnown() {
    MessageWriter writer = new MessageWriter();
    writer.beginMessage(16, 1, 1).rawU32Big(0).beginNested(1);
    assertThat(writer.attributeLength()).isEqualTo(4);
    writer.putU32Big(1, 1).beginAttribute(2).rawU8(1);
    assertThat(writer.attributeLength()).isEqualTo(5);
    writer.endAttribute();
    assertThat(writer.attributeLength()).isEqualTo(4 + 8 + 8);
    assertThat(writer.messageLength()).isEqualTo(16 + 4 + 4 + 8 + 8);
  }

  @Test
  void anAttributeHoldsUpTo65535Bytes() {
    MessageWriter writer = new MessageWriter();
    writer.beginMessage(16, 1, 1).beginAttribute(1).rawZeros(65531).endAttribute();
    writer.beginAttribute(1).rawZeros(65532);
    assertThatIllegalStateException().isThrownBy(writer::endAttribute);
    assertThatIllegalStateException().isThrownBy(() -> writer.putBytes(1, new byte[65532]));
  }

  @Test
  void misuseIsRefused() {
    assertThatIllegalStateException().isThrownBy(() -> new MessageWriter().endMessage());
    assertThatIllegalStateException().isThrownBy(() -> new MessageWriter().putFlag(1));
    assertThatIllegalStateException().isThrownBy(() -> new MessageWriter().endNested());
    assertThatIllegalStateException()
        .isThrownBy(() -> new MessageWriter().beginMessage(1, 1, 1).bytes());
    assertThatIllegalStateException()
        .isThrownBy(() -> new MessageWriter().beginMessage(1, 1, 1).beginMessage(1, 1, 1));
    assertThatIllegalStateException()
        .isThrownBy(() -> new MessageWriter().beginMessage(1, 1, 1).beginNested(1).endMessage());
    assertThatIllegalStateException()
        .isThrownBy(() -> {
          MessageWriter writer = new MessageWriter().beginMessage(1, 1, 1);
          for (int i = 0; i <= MessageWriter.DEPTH_LIMIT; i++) {
            writer.beginNested(1);
          }
        });
  }

  // What follows the 16 bytes of the message header.
  private static String attributes(UnaryOperator<MessageWriter> content) {
    return written(w -> content.apply(w.beginMessage(16, 1, 1)).endMessage()).substring(32);
  }

  private static String written(UnaryOperator<MessageWriter> content) {
    ByteBuffer bytes = content.apply(new MessageWriter()).bytes();
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return HexFormat.of().formatHex(array);
  }

  // Blanks in an expected text are for the eye.
  private static String hex(String text) {
    return text.replace(" ", "");
  }
}
