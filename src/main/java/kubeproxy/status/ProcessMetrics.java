package kubeproxy.status;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/// What the process uses, read when asked. A value that cannot be read is left out.
final class ProcessMetrics {
  private static final String RESIDENT = "VmRSS:";
  private static final int BYTES_PER_KILOBYTE = 1024;

  private final Path proc;

  /// @param proc `/proc/self`
  ProcessMetrics(Path proc) {
    this.proc = proc;
  }

  void register(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("process_resident_memory_bytes")
        .help("Resident memory size in bytes.")
        .callback(callback -> residentBytes().ifPresent(callback::call))
        .register(registry);
    GaugeWithCallback.builder()
        .name("process_open_fds")
        .help("Number of open file descriptors.")
        .callback(callback -> openFiles().ifPresent(callback::call))
        .register(registry);
    GaugeWithCallback.builder()
        .name("process_start_time_seconds")
        .help("Start time of the process since unix epoch in seconds.")
        .callback(callback ->
            ProcessHandle.current()
                .info()
                .startInstant()
                .map(ProcessMetrics::seconds)
                .ifPresent(callback::call))
        .register(registry);
    CounterWithCallback.builder()
        .name("process_cpu_seconds_total")
        .help("Total user and system CPU time spent in seconds.")
        .callback(callback ->
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(ProcessMetrics::seconds)
                .ifPresent(callback::call))
        .register(registry);
    registerHeap(registry);
  }

  private static void registerHeap(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("jvm_memory_used_bytes")
        .help("Used bytes of a given JVM memory area.")
        .labelNames("area")
        .callback(callback -> {
          Runtime runtime = Runtime.getRuntime();
          callback.call((double) (runtime.totalMemory() - runtime.freeMemory()), "heap");
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_memory_committed_bytes")
        .help("Committed bytes of a given JVM memory area.")
        .labelNames("area")
        .callback(callback -> callback.call((double) Runtime.getRuntime().totalMemory(), "heap"))
        .register(registry);
  }

  OptionalDouble residentBytes() {
    try {
      for (String line : Files.readAllLines(proc.resolve("status"))) {
        if (line.startsWith(RESIDENT)) {
          String kilobytes = line.substring(RESIDENT.length()).replace("kB", "").strip();
          return OptionalDouble.of(Double.parseDouble(kilobytes) * BYTES_PER_KILOBYTE);
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.empty();
  }

  OptionalDouble openFiles() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(proc.resolve("fd"))) {
      int count = 0;
      for (Path _ : files) {
        count++;
      }
      // The stream itself had one open.
      return OptionalDouble.of(count - 1);
    } catch (IOException _) {
      return OptionalDouble.empty();
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1e3;
  }
}
