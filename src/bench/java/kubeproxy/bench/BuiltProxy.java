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
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process of ./kube-proxy as built, in the present network namespace.
final class BuiltProxy implements AutoCloseable {
  /// Often enough for the figure, seldom enough not to take the time that is measured.
  private static final int POLL_MILLIS = 25;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final URI HEALTHZ = URI.create("http://127.0.0.1:10256/healthz");

  /// Of `/proc/PID/stat`, in hundredths of a second.
  private static final int USER_TIME = 13;

  private final Process process;
  private final long started;

  private BuiltProxy(Process process, long started) {
    this.process = process;
    this.started = started;
  }

  /// Starts one, over an empty ruleset.
  static BuiltProxy start(String... arguments) throws IOException, InterruptedException {
    new ProcessBuilder("nft", "flush", "ruleset").inheritIO().start().waitFor();
    List<String> command = new ArrayList<>();
    command.add("./kube-proxy");
    command.addAll(List.of(arguments));
    command.add("--hostname-override=" + SyntheticCluster.NODE);
    command.add("--conntrack-max-per-core=0");
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new BuiltProxy(process, started);
  }

  /// Waits until it has programmed the kernel.
  ///
  /// @return milliseconds since the start of the process
  double awaitHealthy() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(HEALTHZ).timeout(PATIENCE).build();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline && process.isAlive()) {
        try {
          HttpResponse<InputStream> response =
              client.send(request, HttpResponse.BodyHandlers.ofInputStream());
          response.body().close();
          if (response.statusCode() == 200) {
            return (System.nanoTime() - started) / 1e6;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    throw new IOException("kube-proxy did not become healthy");
  }

  /// Its memory in MiB, now and at most.
  Memory memory() throws IOException {
    return new Memory(mebibytes("VmRSS:"), mebibytes("VmHWM:"));
  }

  /// What it takes, in MiB.
  record Memory(long now, long peak) {
    @Override
    public String toString() {
      return now + " MiB, " + peak + " MiB";
    }
  }

  private long mebibytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /// The time that processors have worked for it, in seconds.
  double cpuSeconds() throws IOException {
    String[] fields = Files.readString(Path.of("/proc/" + process.pid() + "/stat")).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) / 100.0;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
