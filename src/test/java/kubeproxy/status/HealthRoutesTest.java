package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import kubeproxy.config.ProxyMode;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final EnumSet<IpFamily> both = EnumSet.allOf(IpFamily.class);
  private final HealthState state = new HealthState(both, TIMEOUT, clock, true);
  private final ProxyMetrics metrics =
      new ProxyMetrics(
          ProxyMode.NFTABLES, both, new BuildDescription("v1.36.0", "", "linux/amd64"), clock);
  private final Map<String, Route> routes = new HealthRoutes(state, metrics).routes();

  private Answer get(String path) {
    try {
      return Objects.requireNonNull(routes.get(path)).answer(Requests.get(path));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void expect(int healthz, int livez, int readyz) {
    assertThat(get("/healthz").code()).as("/healthz").isEqualTo(healthz);
    assertThat(get("/livez").code()).as("/livez").isEqualTo(livez);
    assertThat(get("/readyz").code()).as("/readyz").isEqualTo(readyz);
  }

  private void syncBoth() {
    both.forEach(state::updated);
  }

  private String body(String path) {
    return new String(get(path).body(), StandardCharsets.UTF_8);
  }

  private static Optional<Node> node(boolean deleting, String... taints) {
    return Optional.of(
        new Node(
            new ObjectKey("", "n"),
            null,
            List.of(),
            List.of(),
            deleting,
            List.of(taints),
            List.of()));
  }

  @Test
  void isAliveButNotHealthyUntilEveryFamilyIsSynced() {
    expect(503, 200, 503);
    state.queued(IpFamily.IPV4);
    clock.advance(TIMEOUT.multipliedBy(10));
    expect(503, 200, 503);
    state.updated(IpFamily.IPV4);
    expect(503, 200, 503);
    state.updated(IpFamily.IPV6);
    expect(200, 200, 200);
  }

  @Test
  void isUnhealthyWhenASyncIsWantedForTooLong() {
    syncBoth();
    clock.advance(TIMEOUT.multipliedBy(10));
    expect(200, 200, 200);
    state.queued(IpFamily.IPV6);
    clock.advance(TIMEOUT.minusNanos(1));
    state.queued(IpFamily.IPV6);
    expect(200, 200, 200);
    clock.advance(Duration.ofNanos(1));
    expect(503, 503, 200);
    state.updated(IpFamily.IPV4);
    expect(503, 503, 200);
    state.updated(IpFamily.IPV6);
    expect(200, 200, 200);
  }

  @Test
  void followsTheNodeInHealthzAlone() {
    syncBoth();
    state.node(node(false, "other"));
    expect(200, 200, 200);
    state.node(node(false, "other", "ToBeDeletedByClusterAutoscaler"));
    expect(503, 200, 200);
    state.node(node(true));
    expect(503, 200, 200);
    state.node(node(false));
    expect(200, 200, 200);
    state.node(Optional.empty());
    expect(503, 200, 200);
  }

  @Test
  void needsANodeWhereOneMustExist() {
    HealthState strict = new HealthState(both, TIMEOUT, clock, false);
    assertThat(strict.report().nodeEligible()).isFalse();
    strict.node(node(false));
    assertThat(strict.report().nodeEligible()).isTrue();
  }

  @Test
  void writesTheBodiesOfKubeProxy() {
    assertThat(body("/livez"))
        .isEqualTo(
            "{\"lastUpdated\":\"2026-11-22T16:50:27.12Z\","
                + "\"currentTime\":\"2026-11-22T16:50:27.12Z\",\"healthy\":true}");
    assertThat(body("/healthz"))
        .isEqualTo(
            "{\"lastUpdated\":\"0001-01-01T00:00:00Z\",\"currentTime\":\"2026-11-22T16:50:27.12Z\","
                + "\"nodeEligible\":true,\"healthy\":false}");
    state.updated(IpFamily.IPV6);
    clock.advance(Duration.ofMillis(880));
    state.updated(IpFamily.IPV4);
    state.queued(IpFamily.IPV6);
    clock.advance(TIMEOUT);
    assertThat(body("/healthz"))
        .isEqualTo(
            "{\"lastUpdated\":\"2026-11-22T16:50:28Z\",\"currentTime\":\"2026-11-22T16:51:28Z\","
                + "\"nodeEligible\":true,\"healthy\":false,\"status\":{"
                + "\"IPv4\":{\"lastUpdated\":\"2026-11-22T16:50:28Z\",\"healthy\":true},"
                + "\"IPv6\":{\"lastUpdated\":\"2026-11-22T16:50:27.12Z\",\"healthy\":false}}}");
    syncBoth();
    state.node(node(true));
    assertThat(body("/healthz")).contains("\"nodeEligible\":false,\"healthy\":true");
  }

  @Test
  void readyzTellsHowOldWhatIsKnownIs() {
    syncBoth();
    assertThat(body("/readyz")).doesNotContain("sources");
    state.watchSources(() ->
        List.of(
            new SourceState("service", true, OptionalLong.of(3)),
            new SourceState("node", false, OptionalLong.empty())));
    assertThat(body("/readyz"))
        .endsWith(
            "}},\"sources\":{\"service\":{\"connected\":true,\"silentSeconds\":3},"
                + "\"node\":{\"connected\":false}}}");
    assertThat(body("/healthz") + body("/livez")).doesNotContain("sources");
    expect(200, 200, 200);
  }

  @Test
  void countsAnswers() {
    get("/healthz");
    get("/livez");
    syncBoth();
    get("/healthz");
    get("/healthz");
    String text =
        new String(
            new MetricsRoute(metrics.registry()).answer(Requests.get("/metrics")).body(),
            StandardCharsets.UTF_8);
    assertThat(text)
        .contains(
            "kubeproxy_proxy_healthz_total{code=\"200\"} 2.0\n",
            "kubeproxy_proxy_healthz_total{code=\"503\"} 1.0\n",
            "kubeproxy_proxy_livez_total{code=\"200\"} 1.0\n",
            "kubeproxy_proxy_livez_total{code=\"503\"} 0.0\n");
  }
}
