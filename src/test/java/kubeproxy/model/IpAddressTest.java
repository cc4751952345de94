package kubeproxy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Text and byte forms of addresses, and their order.
class IpAddressTest {

  /// Among them the examples of RFC 5952 sections 1, 4 and 5.
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "010.020.000.001, 10.20.0.1",
    "0000000010.1.2.3, 10.1.2.3",
    "192.168.08.09, 192.168.8.9",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
    "2001:db8::0:1, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:0:0:0:0:0:0, ::",
    "1:0:0:2:0:0:0:0, 1:0:0:2::",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    "::ffff:c000:0201, ::ffff:192.0.2.1",
    "0:0:0:0:0:FFFF:129.144.52.38, ::ffff:129.144.52.38",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void printsWhatItParsesInTheCanonicalForm(String text, String canonical) {
    assertThat(IpAddress.parse(text)).map(IpAddress::toString).contains(canonical);
    assertThat(IpAddress.of(canonical)).isEqualTo(IpAddress.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.-4",
        "1.2.3.+4",
        "1.2.3.0x4",
        "1.2.3.4/24",
        "a.b.c.d",
        "1.2.3.٣",
        ":",
        ":::",
        "1:",
        ":1",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "g::",
        "fe80::1%eth0",
        "[::1]",
        "::1.2.3",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "1.2.3.4:5::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1 ",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7",
        "1:::2",
        "::-1",
        "::+1",
        "::٣"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
    assertThatThrownBy(() -> IpAddress.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mappedAddressesStayIpv6() {
    IpAddress mapped = IpAddress.of("::ffff:10.0.0.1");
    assertThat(mapped.family()).isEqualTo(IpFamily.IPV6);
    assertThat(mapped).isNotEqualTo(IpAddress.of("10.0.0.1"));
    assertThat(mapped.toBytes()).hasSize(16);
  }

  @Test
  void bytesAndTextSurviveARoundTrip() {
    long seed = Long.getLong("kubeproxy.seed", 1);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      IpAddress address = random(random);
      assertThat(IpAddress.ofBytes(address.toBytes())).as("seed %d", seed).isEqualTo(address);
      assertThat(IpAddress.of(address.toString())).as("seed %d", seed).isEqualTo(address);
    }
  }

  /// Half of the groups are zero, so that gaps of all lengths come up.
  private static IpAddress random(Random random) {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 4 : 16];
    for (int i = 0; i < bytes.length; i += 2) {
      if (random.nextBoolean()) {
        bytes[i] = (byte) random.nextInt();
        bytes[i + 1] = (byte) random.nextInt();
      }
    }
    return IpAddress.ofBytes(bytes);
  }

  @Test
  void orderIsByFamilyThenUnsignedValue() {
    assertThat(
            Stream.of(
                    "ffff::",
                    "::",
                    "255.0.0.0",
                    "127.0.0.1",
                    "0.0.0.0",
                    "8000::",
                    "::8000:0:0:0",
                    "10.0.0.9",
                    "10.0.0.10",
                    "7fff::")
                .map(IpAddress::of)
                .sorted()
                .map(IpAddress::toString))
        .containsExactly(
            "0.0.0.0",
            "10.0.0.9",
            "10.0.0.10",
            "127.0.0.1",
            "255.0.0.0",
            "::",
            "::8000:0:0:0",
            "7fff::",
            "8000::",
            "ffff::");
  }

  @Test
  void kindsOfAddresses() {
    assertThat(Stream.of("127.0.0.1", "127.255.255.255", "::1").map(IpAddress::of))
        .allMatch(IpAddress::isLoopback);
    assertThat(Stream.of("126.0.0.1", "128.0.0.1", "::", "::2", "1::1").map(IpAddress::of))
        .noneMatch(IpAddress::isLoopback);
    assertThat(Stream.of("169.254.0.1", "fe80::1", "febf::1").map(IpAddress::of))
        .allMatch(IpAddress::isLinkLocal);
    assertThat(Stream.of("169.253.0.1", "fec0::1", "fe7f::1").map(IpAddress::of))
        .noneMatch(IpAddress::isLinkLocal);
    assertThat(Stream.of("0.0.0.0", "::").map(IpAddress::of)).allMatch(IpAddress::isUnspecified);
    assertThat(Stream.of("0.0.0.1", "::1", "1::").map(IpAddress::of))
        .noneMatch(IpAddress::isUnspecified);
  }

  @Test
  void portsAreBracketed() {
    assertThat(IpAddress.of("10.0.0.1").withPort(80)).isEqualTo("10.0.0.1:80");
    assertThat(IpAddress.of("fd00::1").withPort(80)).isEqualTo("[fd00::1]:80");
  }
}
