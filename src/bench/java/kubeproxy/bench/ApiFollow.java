package kubeproxy.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.TableWatch;

/// What a running proxy does with changes of endpoints that an API server tells of (TLS, a process
/// of its own). Runs ./kube-proxy as built, in the nftables mode.
///
/// First, changes one after the other, with no least time between syncs: from the change in the
/// server's store, which is before the first byte of the event, to the kernel's announcement of
/// what was committed. Then, with the least time that is the default, two minutes of many changes:
/// what they take of processors, and what of memory stays.
///
/// Arguments: sizes as `10000x10`, Services x endpoints each.
public final class ApiFollow {
  private static final int UNCOUNTED = 500;
  private static final int CHANGES = 2000;
  private static final int STORM_RATE = 1000;
  private static final int STORM_SECONDS = 60;
  private static final int PATIENCE_SECONDS = 10;

  private ApiFollow() {}

  /// Runs the benchmark in the present network namespace.
  public static void main(String[] args) throws IOException, InterruptedException {
    for (String size : args.length > 0 ? List.of(args) : List.of("10000x10")) {
      try (ApiServer server = ApiServer.start(size)) {
        System.out.println(size);
        one(server);
        storm(server);
      }
    }
  }

  private static BuiltProxy proxy(ApiServer server, String pace)
      throws IOException, InterruptedException {
    BuiltProxy proxy =
        BuiltProxy.start(
            "--kubeconfig=" + server.kubeconfig(),
            "--proxy-mode=nftables",
            "--iptables-min-sync-period=" + pace);
    proxy.awaitHealthy();
    return proxy;
  }

  private static void one(ApiServer server) throws IOException, InterruptedException {
    BlockingQueue<Long> committed = new ArrayBlockingQueue<>(1);
    Consumer<IpFamily> heard = _ -> committed.offer(System.nanoTime());
    try (BuiltProxy _ = proxy(server, "0s");
        TableWatch _ = TableWatch.start(0, heard, IOException::printStackTrace)) {
      double[] millis = new double[CHANGES];
      for (int i = -UNCOUNTED; i < CHANGES; i++) {
        committed.clear();
        long changed = server.changeOne();
        Long now = committed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (now == null) {
          throw new IOException("a change did not arrive");
        }
        if (i >= 0) {
          millis[i] = (now - changed) / 1e6;
        }
      }
      System.out.printf(
          "  one change after the other, to the kernel: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
          Sync.percentile(millis, 50),
          Sync.percentile(millis, 99),
          Arrays.stream(millis).max().orElseThrow());
    }
  }

  private static void storm(ApiServer server) throws IOException, InterruptedException {
    try (BuiltProxy proxy = proxy(server, "1s")) {
      for (int minute = 1; minute <= 2; minute++) {
        BuiltProxy.Memory before = proxy.memory();
        double cpu = proxy.cpuSeconds();
        server.change(STORM_RATE * STORM_SECONDS, STORM_RATE);
        System.out.printf(
            "  %d changes a second, minute %d: %.0f %% of one core; memory %d MiB, before %d MiB%n",
            STORM_RATE,
            minute,
            100 * (proxy.cpuSeconds() - cpu) / STORM_SECONDS,
            proxy.memory().now(),
            before.now());
      }
    }
  }
}
