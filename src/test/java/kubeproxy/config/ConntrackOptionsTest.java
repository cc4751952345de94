package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "32768, 131072, 1, 131072",
    "32768, 131072, 4, 131072",
    "32768, 131072, 5, 163840",
    "32768, 131072, 32, 1048576",
    "32768, 131072, 33, 1048576",
    "2147483647, 1, 512, 1048576",
    "1, 2000000, 1, 2000000",
    "32768, 2000000, 32, 2000000",
    "32768, 2000000, 33, 1048576",
    "1, 0, 3, 3",
  })
  void scalesWithCores(int maxPerCore, int min, int cores, int expected) {
    assertThat(options(maxPerCore, min).maximum(cores)).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 131072", "0, 0"})
  void leavesTheLimitAlone(int maxPerCore, int min) {
    assertThat(options(maxPerCore, min).maximum(8)).isEqualTo(OptionalInt.empty());
  }

  private static ConntrackOptions options(int maxPerCore, int min) {
    return new ConntrackOptions(
        maxPerCore,
        min,
        new ConntrackOptions.Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        false);
  }
}
