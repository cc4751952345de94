package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// From the start of the process, reading one JSON manifest file, to `/healthz` answering 200, and
/// the memory that it then takes. Runs ./kube-proxy as built.
///
/// Arguments: sizes as `10000x10`; `0x0` is an idle proxy.
public final class Start {
  private static final int ROUNDS = 5;

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
      try (BuiltProxy proxy = BuiltProxy.start("--manifests=" + file)) {
        ready[round] = proxy.awaitHealthy();
        memory = proxy.memory().toString();
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
}
