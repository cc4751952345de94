package kubeproxy.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import kubeproxy.text.GoDuration.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0s",
    "0s, 0, 0s",
    "-0, 0, 0s",
    "250ms, 250000000, 250ms",
    "1h0m0s, 3600000000000, 1h0m0s",
    "24h, 86400000000000, 24h0m0s",
    "90s, 90000000000, 1m30s",
    "1.5h, 5400000000000, 1h30m0s",
    "1h15m30.918273645s, 4530918273645, 1h15m30.918273645s",
    "-1.5s, -1500000000, -1.5s",
    "+5s, 5000000000, 5s",
    ".5s, 500000000, 500ms",
    "1.s, 1000000000, 1s",
    "1ns, 1, 1ns",
    "1100ns, 1100, 1.1µs",
    "3us, 3000, 3µs",
    "3µs, 3000, 3µs",
    "3μs, 3000, 3µs",
    "2.2ms, 2200000, 2.2ms",
    "1ms1us, 1001000, 1.001ms",
    "39h9m14.425s, 140954425000000, 39h9m14.425s",
    "9223372036854775807ns, 9223372036854775807, 2562047h47m16.854775807s",
    "-9223372036854775808ns, -9223372036854775808, -2562047h47m16.854775808s",
  })
  void readsAndWrites(String text, long nanos, String canonical) {
    Duration duration = Duration.ofNanos(nanos);
    assertThat(GoDuration.parse(text)).isEqualTo(new Parsed.Valid(duration));
    assertThat(GoDuration.format(duration)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "s",
        ".s",
        "-.s",
        "+-1s",
        "abc",
        "1s2",
        "9223372036854775808ns"
      })
  void refuses(String text) {
    assertThat(GoDuration.parse(text)).isInstanceOf(Parsed.Invalid.class);
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(GoDuration.parse("x")).isEqualTo(bad("time: invalid duration \"x\""));
    assertThat(GoDuration.parse("30")).isEqualTo(bad("time: missing unit in duration \"30\""));
    assertThat(GoDuration.parse("1s2")).isEqualTo(bad("time: missing unit in duration \"1s2\""));
    assertThat(GoDuration.parse("1d"))
        .isEqualTo(bad("time: unknown unit \"d\" in duration \"1d\""));
    assertThat(GoDuration.parse("1 s"))
        .isEqualTo(bad("time: unknown unit \" s\" in duration \"1 s\""));
    assertThat(GoDuration.parse("3000000h")).isEqualTo(bad("time: invalid duration \"3000000h\""));
  }

  @Test
  void everyDurationSurvivesTheRoundTrip() {
    long seed = Long.getLong("seed", 25);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(63));
      assertThat(GoDuration.parse(GoDuration.format(duration)))
          .as("seed %d", seed)
          .isEqualTo(new Parsed.Valid(duration));
    }
  }

  private static Parsed bad(String reason) {
    return new Parsed.Invalid(reason);
  }
}
