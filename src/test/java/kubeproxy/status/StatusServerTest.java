package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import kubeproxy.config.ProxyMode;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StatusServerTest {
  private static final ComponentPages PAGES =
      new ComponentPages(
          () -> "{\"mode\":\"nftables\"}", new TreeMap<>(Map.of("v", "0")), "v1.36.0", true, true);

  private static final EnumSet<IpFamily> BOTH = EnumSet.allOf(IpFamily.class);

  private final ManualClock clock = new ManualClock();
  private final HealthState state = new HealthState(BOTH, Duration.ofMinutes(1), clock, true);
  private final ProxyMetrics metrics =
      new ProxyMetrics(
          ProxyMode.NFTABLES, BOTH, new BuildDescription("v1.36.0", "", "linux/amd64"), clock);
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    client.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private InetSocketAddress started(StatusServer server) throws Exception {
    opened.add(server);
    server.start();
    return server.listening().get(20, TimeUnit.SECONDS);
  }

  private InetSocketAddress healthz() throws Exception {
    return started(StatusServer.healthz(loopback(0), state, metrics, Logger.SILENT));
  }

  private InetSocketAddress metricsServer() throws Exception {
    return started(
        StatusServer.metrics(
            loopback(0), metrics, "nftables", PAGES, Optional.empty(), Logger.SILENT));
  }

  private HttpResponse<byte[]> get(InetSocketAddress server, String path, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void answersHealth() throws Exception {
    InetSocketAddress server = healthz();
    assertThat(get(server, "/healthz").statusCode()).isEqualTo(503);
    assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
    BOTH.forEach(state::updated);
    HttpResponse<byte[]> response = get(server, "/healthz?verbose");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(text(response)).startsWith("{\"lastUpdated\":").endsWith("}}}");
  }

  @Test
  void knowsNoOtherPath() throws Exception {
    InetSocketAddress server = healthz();
    for (String path : List.of("/", "/healthz/", "/healthzz", "/metrics")) {
      HttpResponse<byte[]> response = get(server, path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(text(response)).isEqualTo("404 page not found\n");
    }
  }

  @Test
  void answersModeAndPing() throws Exception {
    InetSocketAddress server = metricsServer();
    assertThat(text(get(server, "/proxyMode"))).isEqualTo("nftables");
    assertThat(header(get(server, "/proxyMode"), "Content-Type"))
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(text(get(server, "/healthz"))).isEqualTo("ok");
  }

  @Test
  void speaksTheFormatAskedFor() throws Exception {
    InetSocketAddress server = metricsServer();
    HttpResponse<byte[]> plain = get(server, "/metrics");
    assertThat(header(plain, "Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(text(plain)).doesNotContain("# EOF");
    String prefers = "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5";
    HttpResponse<byte[]> open = get(server, "/metrics", "Accept", prefers);
    assertThat(header(open, "Content-Type")).startsWith("application/openmetrics-text");
    assertThat(text(open)).endsWith("# EOF\n");
    String avoids = "application/openmetrics-text;q=0.1,text/plain;q=0.5";
    assertThat(header(get(server, "/metrics", "Accept", avoids), "Content-Type"))
        .startsWith("text/plain");
    HttpResponse<byte[]> zipped = get(server, "/metrics", "Accept-Encoding", "gzip");
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    try (InputStream body = new GZIPInputStream(new java.io.ByteArrayInputStream(zipped.body()))) {
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
          .contains("# TYPE kubeproxy_proxy_healthz_total counter\n");
    }
    assertThat(header(get(server, "/metrics", "Accept-Encoding", "gzip;q=0"), "Content-Encoding"))
        .isEmpty();
  }

  private void expectAnswersDespiteSlowClients(InetSocketAddress server, String path)
      throws Exception {
    opened.add(new SlowClients(server));
    for (int i = 0; i < 20; i++) {
      try (HttpClient fresh = HttpClient.newHttpClient()) {
        URI uri = URI.create("http://127.0.0.1:" + server.getPort() + path);
        HttpRequest request =
            HttpRequest.newBuilder(uri).timeout(HttpLimits.REQUEST_TIME.dividedBy(2)).build();
        assertThat(fresh.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void slowClientsHurtNobody() throws Exception {
    expectAnswersDespiteSlowClients(healthz(), "/livez");
  }

  @Test
  void slowClientsHurtNoScraper() throws Exception {
    InetSocketAddress server = metricsServer();
    expectAnswersDespiteSlowClients(server, "/metrics");
    expectAnswersDespiteSlowClients(server, "/proxyMode");
  }

  @Test
  void slowClientsOfMetricsAreNotThoseOfHealth() throws Exception {
    opened.add(new SlowClients(metricsServer()));
    assertThat(get(healthz(), "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void keepsTryingToListen() throws Exception {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    opened.add(other);
    Map<String, Route> routes = Map.of("/a", _ -> Answer.text(200, "ok"));
    StatusServer server =
        new StatusServer(
            "test",
            loopback(other.getLocalPort()),
            routes,
            HttpFixture.setup(clock, 10),
            Duration.ofMillis(5));
    opened.add(server);
    server.start();
    assertThat(server.listening()).isNotDone();
    other.close();
    InetSocketAddress address = server.listening().get(20, TimeUnit.SECONDS);
    assertThat(text(get(address, "/a"))).isEqualTo("ok");
  }

  @Test
  void failsAtOnceIfAsked() throws Exception {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    opened.add(other);
    StatusServer server =
        StatusServer.healthz(loopback(other.getLocalPort()), state, metrics, Logger.SILENT);
    opened.add(server);
    List<IOException> failures = new ArrayList<>();
    server.startOrFail(failures::add);
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst()).hasMessageContaining("in use");
    assertThat(server.listening()).isNotDone();
  }

  @Test
  void listensForBothFamiliesOnTheUnspecifiedAddress() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
    InetSocketAddress server = started(StatusServer.healthz(any, state, metrics, Logger.SILENT));
    for (String host : List.of("127.0.0.1", "[::1]")) {
      URI uri = URI.create("http://" + host + ":" + server.getPort() + "/livez");
      HttpResponse<Void> response =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
      assertThat(response.statusCode()).as(host).isEqualTo(200);
    }
  }

  @Test
  void leavesTheAddressFreeWhenClosed() throws Exception {
    StatusServer server = StatusServer.healthz(loopback(0), state, metrics, Logger.SILENT);
    InetSocketAddress address = started(server);
    get(address, "/livez");
    server.close();
    StatusServer next =
        StatusServer.healthz(loopback(address.getPort()), state, metrics, Logger.SILENT);
    opened.add(next);
    List<IOException> failures = new ArrayList<>();
    next.startOrFail(failures::add);
    assertThat(failures).isEmpty();
  }

  @Test
  void retriesAsOftenAsKubeProxy() {
    assertThat(StatusServer.RETRY_INTERVAL).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void tellsOfTheProcessItself() throws Exception {
    InetSocketAddress server = metricsServer();
    assertThat(text(get(server, "/configz")))
        .isEqualTo("{\"kubeproxy.config.k8s.io\":{\"mode\":\"nftables\"}}");
    assertThat(text(get(server, "/flagz"))).contains("kube-proxy flags").contains("\nv=0\n");
    assertThat(text(get(server, "/statusz")))
        .contains("Binary version: v1.36.0")
        .contains("/metrics")
        .contains("/statusz");
    assertThat(get(server, "/debug/flags/v").statusCode()).isEqualTo(404);
  }
}
