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
import java.util.function.Supplier;

/// What the process uses, read when asked. A value that cannot be read is left out.
final class ProcessMetrics {
  private static final String RESIDENT = "VmRSS:";
  private static final int BYTES_PER_KILOBYTE = 1024;

  /// Columns behind the name in `/proc/net/dev`.
  static final int RECEIVED_COLUMN = 0;

  static final int SENT_COLUMN = 8;

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
    registerLimits(registry);
    registerNetwork(registry);
    registerHeap(registry);
  }

  private void registerLimits(PrometheusRegistry registry) {
    gauge(registry, "process_max_fds", "Maximum number of open file descriptors.", this::maxFiles);
    gauge(
        registry,
        "process_virtual_memory_bytes",
        "Virtual memory size in bytes.",
        () -> kilobytes("VmSize:"));
    gauge(
        registry,
        "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        this::maxAddressSpace);
  }

  private void registerNetwork(PrometheusRegistry registry) {
    String help = "Number of bytes %s by the network namespace of the process.";
    counter(registry, "receive", help.formatted("received"), RECEIVED_COLUMN);
    counter(registry, "transmit", help.formatted("sent"), SENT_COLUMN);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, Supplier<OptionalDouble> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> value.get().ifPresent(callback::call))
        .register(registry);
  }

  private void counter(PrometheusRegistry registry, String direction, String help, int column) {
    CounterWithCallback.builder()
        .name("process_network_" + direction + "_bytes_total")
        .help(help)
        .callback(callback -> networkBytes(column).ifPresent(callback::call))
        .register(registry);
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
    return kilobytes(RESIDENT);
  }

  private OptionalDouble kilobytes(String field) {
    try {
      for (String line : Files.readAllLines(proc.resolve("status"))) {
        if (line.startsWith(field)) {
          String kilobytes = line.substring(field.length()).replace("kB", "").strip();
          return OptionalDouble.of(Double.parseDouble(kilobytes) * BYTES_PER_KILOBYTE);
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.empty();
  }

  OptionalDouble maxFiles() {
    return softLimit("Max open files");
  }

  /// Prometheus' own clients take what no double can hold exactly for "unlimited".
  OptionalDouble maxAddressSpace() {
    return softLimit("Max address space");
  }

  private OptionalDouble softLimit(String name) {
    try {
      for (String line : Files.readAllLines(proc.resolve("limits"))) {
        if (line.startsWith(name)) {
          String soft = line.substring(name.length()).strip().split(" +", 2)[0];
          return OptionalDouble.of(soft.equals("unlimited") ? 0x1p64 : Double.parseDouble(soft));
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.empty();
  }

  /// The sum over all interfaces.
  OptionalDouble networkBytes(int column) {
    double sum = 0;
    try {
      for (String line : Files.readAllLines(proc.resolve("net/dev"))) {
        int colon = line.indexOf(':');
        if (colon >= 0) {
          sum += Double.parseDouble(line.substring(colon + 1).strip().split(" +")[column]);
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(sum);
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
