package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kubeproxy.config.CommandLine;
import kubeproxy.config.Completion;
import kubeproxy.config.ProxyMode;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.RecordingLogger;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final RecordingLogger log = new RecordingLogger();

  private void make(String... arguments) {
    var request = (CommandLine.Request.Start) CommandLine.parse(List.of(arguments));
    var result = Completion.complete(request.flags(), Optional.empty());
    Telemetry.of(
        ((Completion.Result.Complete) result).options(),
        new ModeSelection(ProxyMode.NFTABLES, List.of(IpFamily.IPV4), Optional.empty(), Map.of()),
        log);
  }

  @Test
  void whoAsksForHiddenMetricsIsToldThatThereAreNone() {
    make("--show-hidden-metrics-for-version=1.35");
    assertThat(log.lines())
        .containsExactly(
            "I All metrics are shown anyway; showHiddenMetricsForVersion finds none hidden");
  }

  @Test
  void elseNothingIsSaid() {
    make();
    assertThat(log.lines()).isEmpty();
  }
}
