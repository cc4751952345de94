package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import kubeproxy.config.CommandLine;
import kubeproxy.config.Completion;
import kubeproxy.config.ProxyMode;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.RecordingLogger;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final RecordingLogger log = new RecordingLogger();

  private Telemetry make(String... arguments) {
    var request = (CommandLine.Request.Start) CommandLine.parse(List.of(arguments));
    var result = Completion.complete(request.flags(), Optional.empty());
    return Telemetry.of(
        ((Completion.Result.Complete) result).options(),
        new ModeSelection(
            ProxyMode.NFTABLES,
            List.of(IpFamily.IPV4),
            Optional.empty(),
            new ModeProbe(Programs.ofHost(), List.of(IpFamily.IPV4))),
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
  void anotherVersionIsReportedWhereThatIsAskedFor() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(text, make("--version=v1.35.7-eks.1").metrics().registry().scrape());
    assertThat(text.toString(StandardCharsets.UTF_8)).contains("git_version=\"v1.35.7-eks.1\"");
  }

  @Test
  void elseNothingIsSaid() {
    make();
    assertThat(log.lines()).isEmpty();
  }
}
