package kubeproxy.app;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import kubeproxy.logging.Logger;
import kubeproxy.manifests.ManifestReport;
import kubeproxy.status.ProxyMetrics;

/// Tells the operator about manifest files. Used by the thread that reads them.
final class ManifestLog implements Consumer<ManifestReport> {
  private final Logger log;
  private final ProxyMetrics metrics;
  private final Set<Path> loaded = new HashSet<>();
  private final Set<Path> failed = new HashSet<>();

  ManifestLog(Logger log, ProxyMetrics metrics) {
    this.log = log;
    this.metrics = metrics;
  }

  @Override
  public void accept(ManifestReport report) {
    switch (report) {
      case ManifestReport.FileLoaded file -> {
        loaded.add(file.file());
        failed.remove(file.file());
        log.info(
            file.recovered() ? "Manifest file is good again" : "Manifest file loaded",
            "file",
            file.file(),
            "objects",
            file.objects());
        if (!file.skipped().isEmpty()) {
          log.v(2).info("Objects skipped", "file", file.file(), "objects", file.skipped());
        }
        file.ignored().forEach(problem -> ProblemLog.warn(log, problem));
      }
      case ManifestReport.FileRejected(var error, boolean earlierContentStays) -> {
        Path file = error.file();
        failed.add(file);
        log.error(
            null,
            earlierContentStays
                ? "Manifest file rejected; its last good content stays in force"
                : "Manifest file rejected",
            "err",
            error.toString());
      }
      case ManifestReport.FileRemoved(Path file) -> {
        loaded.remove(file);
        failed.remove(file);
        log.info("Manifest file removed", "file", file);
      }
      case ManifestReport.PathUnavailable(Path path, String reason) ->
          log.warn("Manifests are not there", "path", path, "reason", reason);
      case ManifestReport.PathFound(Path path) -> log.info("Manifests are there", "path", path);
      case ManifestReport.DuplicateObject(var object, Path used, var ignored) ->
          log.warn(
              "Object is defined more than once",
              "kind",
              object.kind().apiName(),
              "object",
              object.key(),
              "used",
              used,
              "ignored",
              ignored);
      case ManifestReport.WatchUnavailable(String reason, var lookEvery) ->
          log.warn(
              "Cannot watch the manifests; looking at them again and again",
              "reason",
              reason,
              "seconds",
              lookEvery.toSeconds());
    }
    loaded.removeAll(failed);
    metrics.manifestFiles("loaded", loaded.size());
    metrics.manifestFiles("failed", failed.size());
  }
}
