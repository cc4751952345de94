package kubeproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VmoduleTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Logging logging =
      Logging.open(LoggingOptions.DEFAULTS, Clock.systemUTC(), 1, output, output);
  private final Logger log = logging.logger();

  @ParameterizedTest
  @CsvSource({
    "VmoduleTest, true",
    "Vmodule*, true",
    "*ModuleTest, false",
    "Vmodul?Test, true",
    "Vmodule?Test, false",
    "*, true",
    "V[a-n]oduleTest, true",
    "V[^a-n]oduleTest, false",
    "V[, false",
    "VmoduleTest.java, false",
    "proxier, false",
    "vmoduletest, false",
    "logging/VmoduleTest, true",
    "logging/*, true",
    "log*/*, true",
    "kubeproxy/logging/VmoduleTest, true",
    "*/VmoduleTest, true",
    "*/*/*/VmoduleTest, false",
    "engine/*, false",
    "logging, false",
    "V.oduleTest, false",
  })
  void matchesTheFile(String pattern, boolean matches) {
    logging.setVmodule(List.of(new VmodulePattern(pattern, 4)));
    assertThat(log.v(4).enabled()).isEqualTo(matches);
    assertThat(log.v(5).enabled()).isFalse();
  }

  @Test
  void takesTheFirstMatch() {
    logging.setVmodule(
        List.of(
            new VmodulePattern("other", 9),
            new VmodulePattern("VmoduleTest", 2),
            new VmodulePattern("*", 5)));
    assertThat(log.v(2).enabled()).isTrue();
    assertThat(log.v(3).enabled()).isFalse();
  }

  @Test
  void asksWhoeverCallsTheLogger() {
    logging.setVmodule(List.of(new VmodulePattern("VmoduleTest", 4)));
    List<Boolean> asked = new ArrayList<>();
    // The caller is a class of the JDK.
    List.of(4).forEach(new Elsewhere(log, asked)::ask);
    Runnable nested =
        new Runnable() {
          @Override
          public void run() {
            asked.add(log.v(4).enabled());
          }
        };
    nested.run();
    assertThat(asked).containsExactly(true, true);
  }

  private record Elsewhere(Logger log, List<Boolean> asked) {
    void ask(int level) {
      asked.add(log.v(level).enabled());
    }
  }

  @Test
  void neverLowersTheVerbosity() {
    logging.setVerbosity(3);
    logging.setVmodule(List.of(new VmodulePattern("VmoduleTest", 1)));
    assertThat(log.v(3).enabled()).isTrue();
  }

  @Test
  void changesAtRunTime() {
    logging.setVmodule(List.of(new VmodulePattern("VmoduleTest", 4)));
    log.v(4).info("one");
    logging.setVmodule(List.of(new VmodulePattern("VmoduleTest", 3)));
    log.v(4).info("two");
    logging.setVmodule(List.of());
    log.v(1).info("three");
    logging.setVerbosity(1);
    log.v(1).info("four");
    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("VmoduleTest.java:") && line.endsWith("\"one\""))
        .anyMatch(line -> line.endsWith("\"four\""));
  }
}
