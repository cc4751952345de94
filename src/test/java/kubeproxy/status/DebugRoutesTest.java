package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import kubeproxy.config.ProxyMode;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DebugRoutesTest {
  private final List<Integer> verbosities = Collections.synchronizedList(new ArrayList<>());
  private final HttpClient client = HttpClient.newHttpClient();
  private StatusServer server;
  private int port;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws Exception {
    ProxyMetrics metrics =
        new ProxyMetrics(
            ProxyMode.NFTABLES,
            EnumSet.allOf(IpFamily.class),
            new BuildDescription("v1.36.0", "", "linux/amd64"),
            new ManualClock());
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        StatusServer.metrics(
            loopback,
            metrics,
            "nftables",
            new ComponentPages(() -> "{}", new TreeMap<>(), "v1.36.0", false, false),
            Optional.of(verbosities::add),
            Logger.SILENT);
    server.start();
    port = server.listening().get(20, TimeUnit.SECONDS).getPort();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(path).PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  @Test
  void leavesTheOtherPathsAsTheyAre() throws Exception {
    assertThat(get("/proxyMode").body()).isEqualTo("nftables");
    assertThat(get("/debug").statusCode()).isEqualTo(404);
  }

  @Test
  void hasAnIndex() throws Exception {
    HttpResponse<String> index = get("/debug/pprof/");
    assertThat(index.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(index.body()).contains("href=\"goroutine\"", "href=\"profile?seconds=30\"");
    HttpResponse<String> moved = get("/debug/pprof");
    assertThat(moved.statusCode()).isEqualTo(302);
    assertThat(moved.headers().firstValue("Location")).hasValue("/debug/pprof/");
    assertThat(get("/debug/flags").body()).contains("<dt>v</dt>");
    assertThat(get("/debug/flags/").body()).contains("<dt>v</dt>");
    assertThat(get("/debug/pprof/mutex").statusCode()).isEqualTo(404);
    assertThat(get("/debug/pprof/mutex").body()).contains("/debug/pprof/");
  }

  @Test
  void showsThreadsOfBothKinds() throws Exception {
    HttpResponse<String> dump = get("/debug/pprof/goroutine?debug=2");
    assertThat(dump.statusCode()).isEqualTo(200);
    assertThat(dump.body())
        .contains("metrics-accept", "HttpListener.acceptAll", getClass().getSimpleName());
    assertThat(ThreadDump.ofPlatformThreads())
        .contains(" \"" + Thread.currentThread().getName() + "\" RUNNABLE\n", "showsThreadsOf");
  }

  @Test
  void showsMemory() throws Exception {
    HttpResponse<String> heap = get("/debug/pprof/heap");
    assertThat(heap.statusCode()).isEqualTo(200);
    assertThat(heap.body())
        .containsPattern("heap: used=\\d+ committed=\\d+ max=")
        .containsPattern("\n +\\d+: +\\d+ +\\d+ +\\[B");
    assertThat(heap.body().lines().count()).isLessThan(300);
  }

  @Test
  void showsTheCommand() throws Exception {
    String[] words = get("/debug/pprof/cmdline").body().split("\0", -1);
    assertThat(words[0]).endsWith("java");
    assertThat(words).hasSizeGreaterThan(1).doesNotContain("");
  }

  @Test
  void records() throws Exception {
    for (String name : List.of("profile", "trace")) {
      HttpResponse<Path> response =
          client.send(
              request("/debug/pprof/" + name + "?seconds=1").build(),
              BodyHandlers.ofFile(folder.resolve(name)));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Disposition"))
          .hasValue("attachment; filename=\"" + name + ".jfr\"");
      assertThat(RecordingFile.readAllEvents(response.body())).isNotEmpty();
    }
  }

  @Test
  void recordsOneAtATime() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> first =
        client.sendAsync(
            request("/debug/pprof/profile?seconds=3").build(), BodyHandlers.ofByteArray());
    HttpResponse<String> second = get("/debug/pprof/trace?seconds=0.05");
    while (second.statusCode() != 503 && !first.isDone()) {
      second = get("/debug/pprof/trace?seconds=0.05");
    }
    assertThat(List.of(second.statusCode(), first.get().statusCode()))
        .containsAnyOf(503)
        .containsAnyOf(200, 503);
    assertThat(get("/debug/pprof/trace?seconds=0.05").statusCode()).isEqualTo(200);
  }

  @Test
  void boundsRecordings() throws Exception {
    HttpResponse<String> response = get("/debug/pprof/profile?seconds=301");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("seconds can be at most 300\n");
  }

  @Test
  void leavesNoFiles() throws Exception {
    Set<Path> before = temporaryFiles();
    get("/debug/pprof/goroutine");
    client.send(request("/debug/pprof/trace?seconds=0.05").build(), BodyHandlers.ofByteArray());
    // The last one is deleted just after it was sent.
    Set<Path> more;
    do {
      more = temporaryFiles();
      more.removeAll(before);
    } while (!more.isEmpty());
  }

  private static Set<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("kube-proxy-"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "4, 200, successfully set klog.logging.verbosity to 4",
        "0, 200, successfully set klog.logging.verbosity to 0",
        "2147483647, 200, successfully set klog.logging.verbosity to 2147483647",
        "``, 400, strconv.ParseUint: parsing \"\": invalid syntax",
        "-1, 400, strconv.ParseUint: parsing \"-1\": invalid syntax",
        "x, 400, strconv.ParseUint: parsing \"x\": invalid syntax",
        "4294967296, 400, strconv.ParseUint: parsing \"4294967296\": value out of range",
        "99999999999999999999, 400,"
            + " strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
        "2147483648, 400, failed set klog.logging.verbosity 2147483648: strconv.ParseInt: parsing"
            + " \"2147483648\": value out of range"
      })
  void setsTheVerbosity(String body, int code, String answer) throws Exception {
    HttpResponse<String> response = put("/debug/flags/v", body);
    assertThat(response.statusCode()).isEqualTo(code);
    assertThat(response.body()).isEqualTo(answer + "\n");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(verbosities).hasSize(code == 200 ? 1 : 0);
  }

  @Test
  void takesTheVerbosityByPutOnly() throws Exception {
    HttpResponse<String> response = get("/debug/flags/v");
    assertThat(response.statusCode()).isEqualTo(406);
    assertThat(response.body()).isEqualTo("unsupported http method\n");
    assertThat(put("/debug/flags/v", "1".repeat(5000)).statusCode()).isEqualTo(413);
    assertThat(put("/debug/flags/v", "4\n").statusCode()).isEqualTo(400);
    assertThat(verbosities).isEmpty();
  }
}
