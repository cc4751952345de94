package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PingRoutesTest {
  private static final String GAUGE =
      """
      # HELP kubernetes_healthcheck [STABLE] This metric records the result of a single healthcheck.
      # TYPE kubernetes_healthcheck gauge
      kubernetes_healthcheck{name="ping",type="healthz"} 1.0
      """;

  private final Map<String, Route> routes = new PingRoutes().routes();

  private String body(Request request) throws InterruptedException {
    Answer answer = Objects.requireNonNull(routes.get(request.path())).answer(request);
    assertThat(answer.code()).isEqualTo(200);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private String get(String target) throws InterruptedException {
    return body(Requests.get(target));
  }

  @Test
  void nothingIsKnownBeforeTheFirstCheck() throws Exception {
    assertThat(get("/metrics/slis")).isEmpty();
    assertThat(get("/healthz/ping")).isEqualTo("ok");
    assertThat(get("/metrics/slis")).as("only /healthz counts, as in Kubernetes").isEmpty();
  }

  @Test
  void countsChecks() throws Exception {
    assertThat(get("/healthz")).isEqualTo("ok");
    get("/healthz");
    assertThat(get("/metrics/slis"))
        .contains(GAUGE)
        .contains("# TYPE kubernetes_healthchecks_total counter\n")
        .contains(
            "kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"healthz\"}"
                + " 2.0\n");
  }

  @Test
  void forgetsWhenAsked() throws Exception {
    get("/healthz");
    assertThat(body(Requests.of("DELETE", "/metrics/slis", ""))).isEqualTo("metrics reset\n");
    assertThat(get("/metrics/slis")).isEmpty();
    get("/healthz");
    assertThat(get("/metrics/slis")).contains("status=\"success\",type=\"healthz\"} 1.0\n");
  }

  @Test
  void saysWhatWasChecked() throws Exception {
    assertThat(get("/healthz?verbose")).isEqualTo("[+]ping ok\nhealthz check passed\n");
    assertThat(get("/healthz?verbose&exclude=ping"))
        .isEqualTo("[+]ping excluded: ok\nhealthz check passed\n");
    assertThat(get("/healthz?exclude=b&verbose=1&exclude=a"))
        .isEqualTo(
            """
            [+]ping ok
            warn: some health checks cannot be excluded: no matches for "a","b"
            healthz check passed
            """);
  }

  @Test
  void whatIsExcludedDoesNotCount() throws Exception {
    assertThat(get("/healthz?exclude=ping")).isEqualTo("ok");
    assertThat(get("/metrics/slis")).isEmpty();
  }
}
