package kubeproxy.testing.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the server says, as text.
class LiveApiTest {
  private final ObjectStore store = new ObjectStore();
  private final LiveApi api = new LiveApi(store);
  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeApiServer server = FakeApiServer.start(api);

  LiveApiTest() throws IOException {}

  @BeforeEach
  void fill() {
    store.put(ModelTree.of(Objects.service("ns/web").clusterIp("10.96.0.1").build()));
    store.put(ModelTree.of(Objects.node("node-1").addresses("192.0.2.1").build()));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create(server.address() + target));
  }

  private String get(String target) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(to(target).build());
    return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void tellsWhatItServes() throws IOException, InterruptedException {
    assertThat(get("/version")).contains("\"minor\":\"36\"");
    assertThat(get("/readyz")).isEqualTo("200 ok");
    assertThat(get("/apis/discovery.k8s.io")).contains("\"discovery.k8s.io/v1\"");
    assertThat(get("/apis/networking.k8s.io/v1")).contains("\"servicecidrs\"");
    assertThat(get("/api/v1")).contains("\"services\"", "\"nodes\"");

    api.become(Personality.of117());

    assertThat(get("/version")).contains("\"minor\":\"17\"");
    assertThat(get("/apis/discovery.k8s.io")).startsWith("404 ");
    assertThat(get("/apis/discovery.k8s.io/v1/endpointslices")).startsWith("404 ");
  }

  @Test
  void listsAndGets() throws IOException, InterruptedException {
    assertThat(get("/api/v1/services"))
        .startsWith("200 {\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"metadata\":{")
        .contains("\"resourceVersion\":\"3\"", "\"name\":\"web\"");
    assertThat(get("/api/v1/nodes/node-1")).contains("\"192.0.2.1\"");
    assertThat(get("/api/v1/nodes/node-2")).startsWith("404 ").contains("\"NotFound\"");
  }

  @Test
  void watchesFromAVersion() throws IOException, InterruptedException {
    store.delete(ApiKind.SERVICE, "ns/web");

    assertThat(get("/api/v1/services?watch=true&resourceVersion=1&timeoutSeconds=1").lines())
        .satisfiesExactly(
            added -> assertThat(added).contains("\"type\":\"ADDED\"", "\"resourceVersion\":\"2\""),
            deleted ->
                assertThat(deleted).contains("\"type\":\"DELETED\"", "\"resourceVersion\":\"4\""));

    store.compact();

    assertThat(get("/api/v1/services?watch=true&resourceVersion=1&timeoutSeconds=1"))
        .contains("\"type\":\"ERROR\"", "\"code\":410");
  }

  @Test
  void keepsEventsThatArePosted() throws IOException, InterruptedException {
    HttpRequest post =
        to("/apis/events.k8s.io/v1/namespaces/default/events")
            .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"Starting\"}"))
            .build();

    assertThat(send(post).statusCode()).isEqualTo(201);
    assertThat(api.events()).containsExactly(Tree.of("reason", "Starting"));
  }

  @Test
  void compressesLargeListsForThoseWhoWantIt() throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      store.put(ModelTree.of(Objects.service("ns/s" + i).clusterIp("10.96.0.1").build()));
    }
    HttpResponse<byte[]> response =
        send(to("/api/v1/services").header("Accept-Encoding", "gzip").build());

    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("\"s999\"");
    }
  }
}
