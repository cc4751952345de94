package kubeproxy.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kubeproxy.testing.net.NetworkNamespace;

/// The product as a process of its own, with its flags, files, log and exit code, on the node of a
/// test. Used by one thread.
final class ProxyProcess implements AutoCloseable {

  /// Far more than a start takes, on a machine that is busy with other things.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int METRICS_PORT = 10249;
  private static final int HEALTH_PORT = 10256;
  private static final long LOOK_EVERY_MILLIS = 10;

  private final NetworkNamespace node;
  private final Path output;
  private final Process process;

  private ProxyProcess(NetworkNamespace node, Path output, Process process) {
    this.node = node;
    this.output = output;
    this.process = process;
  }

  /// Starts it.
  ///
  /// @param folder for what it prints; exists
  static ProxyProcess start(NetworkNamespace node, Path folder, String... arguments)
      throws IOException {
    return start(node, folder, List.of(), arguments);
  }

  /// Starts it without any capability, and with no way to get one.
  ///
  /// @param folder for what it prints; exists
  static ProxyProcess startUnprivileged(NetworkNamespace node, Path folder, String... arguments)
      throws IOException {
    List<String> wrapper =
        List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs");
    return start(node, folder, wrapper, arguments);
  }

  /// Starts it where it finds no program of the host.
  ///
  /// @param folder for what it prints; exists
  static ProxyProcess startWithoutPrograms(NetworkNamespace node, Path folder, String... arguments)
      throws IOException {
    return start(node, folder, List.of("env", "PATH=/nowhere"), arguments);
  }

  private static ProxyProcess start(
      NetworkNamespace node, Path folder, List<String> wrapper, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", node.name()));
    line.addAll(wrapper);
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "kubeproxy.app.Main"));
    line.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "proxy", ".log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    return new ProxyProcess(node, output, process);
  }

  /// Its process number: `ip netns exec` becomes the program that it runs.
  long pid() {
    return process.pid();
  }

  /// All that it has printed.
  String log() throws IOException {
    return Files.readString(output, UTF_8);
  }

  /// Waits until it has printed this.
  void awaitLog(String part) throws Exception {
    await("'" + part + "' in the log", () -> readLog().contains(part));
  }

  /// Waits until it has printed this so many times.
  void awaitLog(String part, int times) throws Exception {
    await(times + " times '" + part + "'", () -> readLog().split(part, -1).length > times);
  }

  /// Waits until `/metrics` has this line.
  void awaitMetric(String line) throws Exception {
    await("metric " + line, () -> metrics().lines().anyMatch(line::equals));
  }

  /// Waits until it is so; in vain, the log says why.
  void await(String what, BooleanSupplier condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() && !condition.getAsBoolean()) {
        throw new AssertionError(what + ", but it has ended:\n" + log());
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError(what + ", in vain:\n" + log());
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private String readLog() {
    try {
      return log();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Whether `/readyz` says that it serves.
  boolean isReady() {
    try {
      get(HEALTH_PORT, "/readyz");
      return true;
    } catch (Exception _) {
      return false;
    }
  }

  private String metrics() {
    try {
      return get("/metrics");
    } catch (Exception _) {
      return "";
    }
  }

  /// What its metrics server answers.
  String get(String path) throws Exception {
    return get(METRICS_PORT, path);
  }

  private String get(int port, String path) throws Exception {
    return node.run(() -> {
      try (var body = connection(port, path).getInputStream()) {
        return new String(body.readAllBytes(), UTF_8);
      }
    });
  }

  /// The status with which its health server answers; 0 if there is no answer.
  int health(String path) {
    try {
      return node.run(() -> connection(HEALTH_PORT, path).getResponseCode());
    } catch (Exception _) {
      return 0;
    }
  }

  /// What its health server answers at `/readyz`, which is ready.
  String readiness() throws Exception {
    return node.run(() -> {
      try (var body = connection(HEALTH_PORT, "/readyz").getInputStream()) {
        return new String(body.readAllBytes(), UTF_8);
      }
    });
  }

  private static HttpURLConnection connection(int port, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    // A connection that is kept would be looked for in another namespace.
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  /// Sends a signal, by the name that `kill` has for it.
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-s", name, Long.toString(pid())).start().waitFor();
  }

  /// Waits for its end.
  int awaitExit() throws Exception {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
