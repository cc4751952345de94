package kubeproxy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CIDR blocks.
class IpPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/8, 10.0.0.0/8, 10.255.255.255",
    "010.001.0.0/016, 10.1.0.0/16, 10.1.255.255",
    "1.2.3.4/0, 0.0.0.0/0, 255.255.255.255",
    "1.2.3.4/32, 1.2.3.4/32, 1.2.3.4",
    "1.2.3.5/31, 1.2.3.4/31, 1.2.3.5",
    "2001:db8::1/32, 2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "fd00:0:0:1:8000::/65, fd00:0:0:1:8000::/65, fd00::1:ffff:ffff:ffff:ffff",
    "fd00::1/64, fd00::/64, fd00::ffff:ffff:ffff:ffff",
    "ff::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "::1/128, ::1/128, ::1"
  })
  void dropsHostBits(String text, String canonical, String last) {
    assertThat(IpPrefix.parse(text)).map(IpPrefix::toString).contains(canonical);
    assertThat(IpPrefix.of(text).last()).isEqualTo(IpAddress.of(last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "::/129",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "10.0.0.0/0x8",
        "10.0.0.0/ 8",
        "10.0.0.0/1000"
      })
  void refusesWhatIsNoBlock(String text) {
    assertThat(IpPrefix.parse(text)).isEmpty();
    assertThatThrownBy(() -> IpPrefix.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void containment() {
    IpPrefix ten = IpPrefix.of("10.0.0.0/8");
    assertThat(ten.contains(IpAddress.of("10.255.0.1"))).isTrue();
    assertThat(ten.contains(IpAddress.of("11.0.0.0"))).isFalse();
    assertThat(ten.contains(IpAddress.of("::ffff:10.0.0.1"))).isFalse();
    assertThat(ten.contains(ten)).isTrue();
    assertThat(ten.contains(IpPrefix.of("10.1.0.0/16"))).isTrue();
    assertThat(IpPrefix.of("10.1.0.0/16").contains(ten)).isFalse();
    assertThat(IpPrefix.of("0.0.0.0/0").contains(IpPrefix.of("::/0"))).isFalse();
  }

  @Test
  void agreesWithArithmetic() {
    long seed = Long.getLong("kubeproxy.seed", 1);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      IpAddress base = IpAddress.ofBytes(bytes);
      int bits = base.family().bits();
      int length = random.nextInt(bits + 1);
      byte[] flipped = bytes.clone();
      int flip = random.nextInt(bits);
      flipped[flip / 8] ^= (byte) (0x80 >>> flip % 8);
      IpPrefix prefix = new IpPrefix(base, length);

      BigInteger size = BigInteger.ONE.shiftLeft(bits - length);
      BigInteger first = new BigInteger(1, bytes).divide(size).multiply(size);
      assertThat(number(prefix.address())).as("seed %d", seed).isEqualTo(first);
      assertThat(number(prefix.last())).isEqualTo(first.add(size).subtract(BigInteger.ONE));
      assertThat(prefix.contains(base)).isTrue();
      assertThat(prefix.contains(IpAddress.ofBytes(flipped))).isEqualTo(flip >= length);
    }
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.toBytes());
  }

  @Test
  void aBlockSortsBeforeThoseWithinIt() {
    assertThat(
            Stream.of("::/0", "10.0.1.0/24", "10.0.0.0/16", "10.0.0.0/24", "9.0.0.0/8")
                .map(IpPrefix::of)
                .sorted()
                .map(IpPrefix::toString))
        .containsExactly("9.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "::/0");
  }
}
