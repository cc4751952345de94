package kubeproxy.kernel.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostProgramsTest {
  private static final Duration AMPLE = Duration.ofMinutes(1);

  private final Programs programs = Programs.ofHost();

  @Test
  void givesInputAndTakesBothOutputsAndTheCode() throws InterruptedException {
    String input = "line\n".repeat(200_000);
    ProgramCall call =
        new ProgramCall(
            List.of("sh", "-c", "cat; echo \"$WORD\" >&2; exit 3"), Map.of("WORD", "told"), AMPLE);
    assertThat(programs.run(call, input.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            ProgramEnd.Exited.class,
            exited -> {
              assertThat(exited.code()).isEqualTo(3);
              assertThat(exited.succeeded()).isFalse();
              assertThat(exited.output()).isEqualTo(input);
              assertThat(exited.errors()).isEqualTo("told");
            });
  }

  @Test
  void aProgramThatReadsNothingIsNoTrouble() throws InterruptedException {
    byte[] input = new byte[1 << 20];
    assertThat(programs.run(ProgramCall.of(AMPLE, "true"), input))
        .isInstanceOfSatisfying(
            ProgramEnd.Exited.class, exited -> assertThat(exited.succeeded()).isTrue());
  }

  @Test
  void aMissingProgramIsAValue() throws InterruptedException {
    assertThat(programs.run(ProgramCall.of(AMPLE, "no-such-program")))
        .isInstanceOfSatisfying(
            ProgramEnd.NotStarted.class,
            end -> assertThat(end.reason()).contains("no-such-program"));
  }

  @Test
  void whatTakesTooLongIsKilled() throws InterruptedException {
    Duration little = Duration.ofMillis(50);
    assertThat(programs.run(ProgramCall.of(little, "sleep", "600")))
        .isEqualTo(new ProgramEnd.TimedOut(little));
  }
}
