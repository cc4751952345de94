package kubeproxy.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// From the start of the process to `/healthz` answering 200, with the state from an API server on
/// the same machine (TLS, a process of its own), and the memory that it then takes. Runs
/// ./kube-proxy as built. The time that processors worked for it tells more than the clock where
/// others use the machine too.
///
/// Arguments: sizes as `10000x10`, Services x endpoints each.
public final class ApiStart {
  private static final int ROUNDS = 7;

  private ApiStart() {}

  /// Runs the benchmark in the present network namespace.
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> sizes = args.length > 0 ? List.of(args) : List.of("1000x10", "10000x10");
    System.out.println(
        "services x endpoints | type     | ready median, best, processors |" + " memory now, peak");
    for (String size : sizes) {
      try (ApiServer server = ApiServer.start(size)) {
        measure(size, "protobuf", server);
        measure(size, "json", server);
      }
    }
  }

  private static void measure(String size, String type, ApiServer server)
      throws IOException, InterruptedException {
    double[] ready = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    String memory = "";
    for (int round = 0; round < ROUNDS; round++) {
      try (BuiltProxy proxy =
          BuiltProxy.start(
              "--kubeconfig=" + server.kubeconfig(),
              "--kube-api-content-type="
                  + (type.equals("json")
                      ? "application/json"
                      : "application/vnd.kubernetes.protobuf"))) {
        ready[round] = proxy.awaitHealthy();
        cpu[round] = 1000 * proxy.cpuSeconds();
        memory = proxy.memory().toString();
      }
    }
    System.out.printf(
        "%20s | %-8s | %.0f, %.0f, %.0f ms | %s%n",
        size,
        type,
        Sync.percentile(ready, 50),
        Arrays.stream(ready).min().orElseThrow(),
        Sync.percentile(cpu, 50),
        memory);
  }
}
