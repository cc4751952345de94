package kubeproxy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// From the start of the process, reading one JSON manifest file, to `/healthz` answering 200, and
/// the memory that it then takes. Runs ./kube-proxy as built.
///
/// Arguments: sizes as `10000x10`; `0x0` is an idle proxy.
public final class Start {
  private static final int ROUNDS = 5;
  /// Often enough for the figure, seldom enough not to take the time that is measured.
  private static final int POLL_MILLIS = 25;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final URI HEALTHZ = URI.create("http://127.0.0.1:10256/healthz");

  private Start() {}

  /// Runs the benchmark in the present network namespace.
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> sizes =
        args.length > 0 ? List.of(args) : List.of("0x0", "1000x10", "10000x10", "44000x6");
    System.out.println("services x endpoints |  file | ready median, best | memory now, peak");
    for (String size : sizes) {
      String[] parts = size.split("x", -1);
      Path file = Files.createTempFile("state", ".json");
      try {
        ManifestGenerator.main(new String[] {parts[0], parts[1], file.toString()});
        measure(size, file);
      } finally {
        Files.delete(file);
      }
    }
  }

  private static void measure(String size, Path file) throws IOException, InterruptedException {
    double[] ready = new double[ROUNDS];
    String memory = "";
    for (int round = 0; round < ROUNDS; round++) {
      new ProcessBuilder("nft", "flush", "ruleset").inheritIO().start().waitFor();
      long start = System.nanoTime();
      Process proxy =
          new ProcessBuilder(
                  "./kube-proxy",
                  "--manifests=" + file,
                  "--hostname-override=" + SyntheticCluster.NODE,
                  "--conntrack-max-per-core=0")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        awaitHealthy(proxy);
        ready[round] = (System.nanoTime() - start) / 1e6;
        memory = memory(proxy.pid());
      } finally {
        proxy.destroy();
        proxy.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    System.out.printf(
        "%20s | %4d MB | %.0f, %.0f ms | %s%n",
        size,
        Files.size(file) / 1_000_000,
        Sync.percentile(ready, 50),
        Arrays.stream(ready).min().orElseThrow(),
        memory);
  }

  private static void awaitHealthy(Process proxy) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(HEALTHZ).timeout(PATIENCE).build();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline && proxy.isAlive()) {
        try {
          HttpResponse<InputStream> response =
              client.send(request, HttpResponse.BodyHandlers.ofInputStream());
          response.body().close();
          if (response.statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    throw new IOException("kube-proxy did not become healthy");
  }

  private static String memory(long pid) throws IOException {
    List<String> values = new ArrayList<>();
    for (String name : List.of("VmRSS:", "VmHWM:")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith(name)) {
          values.add(Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MiB");
        }
      }
    }
    return String.join(", ", values);
  }
}
