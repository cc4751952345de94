package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.logging.Logger;

/// A folder with the files of a client, clocks that stand still, and what its observer was told.
final class ClientSetting {
  final Path folder;
  final Map<String, String> environment = new HashMap<>();
  final List<ClientEvent> events = new CopyOnWriteArrayList<>();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final AtomicLong nanos = new AtomicLong();
  Programs programs = Programs.ofHost();
  Logger log = Logger.SILENT;
  float qps = -1;
  private Instant now = Instant.now();

  ClientSetting(Path folder) {
    this.folder = folder;
  }

  /// Lets time pass on both clocks.
  void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    now = now.plus(duration);
  }

  Instant now() {
    return now;
  }

  Surroundings surroundings() {
    Clock clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now;
          }
        };
    return new Surroundings(
        environment, folder.resolve("serviceaccount"), programs, nanos::get, clock, pauses::add);
  }

  /// Writes a file, replacing one that is there by another inode, as rotation does.
  Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Path fresh = Files.writeString(folder.resolve("new"), text);
    Files.setLastModifiedTime(fresh, FileTime.from(now));
    return Files.move(
        fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Writes the file `config` for one cluster and one user.
  ///
  /// @param cluster lines of YAML for the cluster
  /// @param user lines of YAML for the user
  Path kubeconfig(String cluster, String user) throws IOException {
    return write(
        "config",
        """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts:
        - name: here
          context: {cluster: c, user: u}
        clusters:
        - name: c
          cluster:
        %s
        users:
        - name: u
          user:
        %s
        """
            .formatted(cluster.indent(4).stripTrailing(), user.indent(4).stripTrailing()));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  ClientOptions options(Optional<Path> kubeconfig, Optional<String> master) {
    return new ClientOptions(kubeconfig, master, qps, 2, "kube-proxy/v1 (linux/amd64)");
  }

  ApiTransport open(Path kubeconfig) throws ClientConfigException {
    return open(Optional.of(kubeconfig), Optional.empty());
  }

  ApiTransport open(Optional<Path> kubeconfig, Optional<String> master)
      throws ClientConfigException {
    return ApiClients.open(options(kubeconfig, master), events::add, log, surroundings());
  }

  Connection connection(Path kubeconfig) throws ClientConfigException {
    return Setup.read(options(Optional.of(kubeconfig), Optional.empty()), surroundings())
        .connection();
  }

  /// Gets `/x`: status and body.
  static String get(ApiTransport transport) throws IOException, InterruptedException {
    try (ApiResponse answer = transport.send(ApiRequest.get("/x"))) {
      return answer.status()
          + " "
          + new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  <E extends ClientEvent> List<E> eventsOf(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
