package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kubeproxy.apiclient.ClientEvent;
import kubeproxy.apiwatch.Condition;
import kubeproxy.apiwatch.KindState;
import kubeproxy.model.Kind;
import org.junit.jupiter.api.Test;

/// What the metrics of the API client tell; which there are is a matter of `UpstreamMetricsTest`.
class ApiMetricsTest {
  private static final Instant WHEN = Instant.ofEpochSecond(2_000_000_000);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ApiMetrics metrics = new ApiMetrics(registry, System::nanoTime, Clock.systemUTC());

  private List<String> samples(String part) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#") && line.contains(part))
        .toList();
  }

  private static ClientEvent plugin(ClientEvent.PluginStatus status, Optional<Instant> expires) {
    return new ClientEvent.PluginCalled(0, status, expires);
  }

  @Test
  void whatDoesNotExpireHasNoTime() throws IOException {
    assertThat(samples("expiry_timestamp")).isEmpty();

    metrics.on(new ClientEvent.CertificateUsed(WHEN, Optional.empty()));

    assertThat(samples("expiry_timestamp"))
        .containsExactly("kubeproxy_client_certificate_expiry_timestamp_seconds 2.0E9");
  }

  private static KindState state(Kind kind, Condition condition, int failures) {
    return new KindState(
        kind,
        "/x",
        condition,
        "",
        false,
        failures,
        0,
        0,
        0,
        0,
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  @Test
  void whatTheServerDoesNotHaveLooksNotLikeALostConnection() throws IOException {
    List<KindState> states =
        List.of(
            state(Kind.SERVICE_CIDR, Condition.NOT_SERVED, 0),
            state(Kind.SERVICE, Condition.NOT_SERVED, 1),
            state(Kind.NODE, Condition.UNREACHABLE, 1));
    metrics.watch(() -> states);

    assertThat(samples("source_connected"))
        .containsExactly(
            "kubeproxy_source_connected{kind=\"node\"} 0.0",
            "kubeproxy_source_connected{kind=\"service\"} 0.0");
    assertThat(samples("service_cidr")).isEmpty();
    assertThat(metrics.sources(states)).hasSize(2);
  }

  @Test
  void aPluginsCredentialsExpireWhenTheLastOnesDo() throws IOException {
    metrics.on(plugin(ClientEvent.PluginStatus.NO_ERROR, Optional.of(WHEN)));
    metrics.on(plugin(ClientEvent.PluginStatus.EXECUTION_ERROR, Optional.empty()));

    assertThat(samples("expiry_timestamp"))
        .containsExactly("kubeproxy_exec_plugin_expiry_timestamp_seconds 2.0E9");

    metrics.on(plugin(ClientEvent.PluginStatus.NO_ERROR, Optional.empty()));

    assertThat(samples("expiry_timestamp")).isEmpty();
    assertThat(samples("ttl")).containsExactly("rest_client_exec_plugin_ttl_seconds +Inf");
  }
}
