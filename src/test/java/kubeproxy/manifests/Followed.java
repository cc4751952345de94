package kubeproxy.manifests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Service;
import org.jspecify.annotations.Nullable;

/// A source and all that it gave, to be waited for.
final class Followed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ManifestSource source;
  private final Map<ObjectId, ClusterObject> objects = new HashMap<>();
  private final List<String> reports = new ArrayList<>();
  private @Nullable ManifestError error;
  private int deltas;
  private int removals;

  Followed(Path path) {
    source = new ManifestSource(path, this::accept, this::accept);
  }

  Followed(Path path, ManifestSource.WatchOpener opener) {
    source = new ManifestSource(path, this::accept, this::accept, opener);
  }

  void start() {
    source.start();
  }

  void rescan() {
    source.rescan();
  }

  @Override
  public void close() {
    source.close();
  }

  private synchronized void accept(ClusterDelta delta) {
    deltas++;
    delta.changes().forEach(this::apply);
    notifyAll();
  }

  private void apply(ObjectId id, Optional<ClusterObject> object) {
    if (object.isPresent()) {
      objects.put(id, object.get());
    } else {
      objects.remove(id);
      removals++;
    }
  }

  private synchronized void accept(ManifestReport report) {
    if (report instanceof ManifestReport.FileRejected rejected) {
      error = rejected.error();
    }
    reports.add(print(report));
    notifyAll();
  }

  private static String print(ManifestReport report) {
    return switch (report) {
      case ManifestReport.FileLoaded loaded ->
          (loaded.recovered() ? "recovered " : "loaded ")
              + loaded.file().getFileName()
              + " "
              + loaded.objects()
              + (loaded.skipped().isEmpty() ? "" : " skipped " + loaded.skipped());
      case ManifestReport.FileRejected rejected ->
          "rejected " + rejected.error().file().getFileName();
      case ManifestReport.FileRemoved removed -> "removed " + removed.file().getFileName();
      case ManifestReport.PathUnavailable path -> "unavailable " + path.path().getFileName();
      case ManifestReport.PathFound path -> "found " + path.path().getFileName();
      case ManifestReport.DuplicateObject duplicate ->
          "duplicate "
              + duplicate.object()
              + " in "
              + duplicate.used().getFileName()
              + ", not in "
              + duplicate.ignored().stream().map(Path::getFileName).toList();
      case ManifestReport.WatchUnavailable watch -> "watch unavailable: " + watch.reason();
    };
  }

  synchronized int deltas() {
    return deltas;
  }

  synchronized int removals() {
    return removals;
  }

  synchronized int objectCount() {
    return objects.size();
  }

  synchronized List<String> reports() {
    return List.copyOf(reports);
  }

  /// An object that is there.
  synchronized ClusterObject object(ObjectId id) {
    ClusterObject object = objects.get(id);
    if (object == null) {
      throw new AssertionError("no " + id + " in " + objects.keySet());
    }
    return object;
  }

  void awaitDeltas(int count) {
    await(() -> deltas >= count, () -> deltas + " deltas, not " + count);
  }

  /// Waits until the Services are these, each as `name:port`.
  void awaitServices(String... expected) {
    SortedSet<String> wanted = new TreeSet<>(List.of(expected));
    await(
        () -> deltas > 0 && services().equals(wanted),
        () -> services() + " instead of " + wanted + " after " + reports);
  }

  /// Waits until a Service has a port, whatever others there are.
  void awaitService(String name, int port) {
    await(() -> services().contains(name + ":" + port), () -> "no " + name + " in " + services());
  }

  void awaitReport(String expected) {
    await(() -> reports.contains(expected), () -> "no " + expected + " in " + reports);
  }

  ManifestError awaitError() {
    await(() -> error != null, () -> "no error in " + reports);
    synchronized (this) {
      if (error == null) {
        throw new AssertionError("an error does not go away");
      }
      return error;
    }
  }

  private SortedSet<String> services() {
    SortedSet<String> services = new TreeSet<>();
    for (ClusterObject object : objects.values()) {
      if (object instanceof Service service) {
        int port = service.ports().isEmpty() ? 0 : service.ports().getFirst().port();
        services.add(service.key().name() + ":" + port);
      }
    }
    return services;
  }

  private synchronized void await(Supplier<Boolean> condition, Supplier<String> failure) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.get()) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new AssertionError(failure.get());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting", e);
      }
    }
  }
}
