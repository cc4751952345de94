package kubeproxy.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.apiclient.ApiClientObserver;
import kubeproxy.apiclient.ApiClients;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apiclient.ClientConfigException;
import kubeproxy.apiclient.ClientOptions;
import kubeproxy.apiclient.Surroundings;
import kubeproxy.apiwatch.ClusterOptions;
import kubeproxy.apiwatch.ClusterSink;
import kubeproxy.apiwatch.ClusterSource;
import kubeproxy.apiwatch.WatchPacing;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Problem;

/// From an API server over TLS to the snapshot: the start, by each way to get the state; the
/// latency of one change, from the store of the server to the delta; and a minute of many changes.
///
/// Arguments: sizes as `10000x10`, Services x endpoints each.
public final class ApiWatch {
  private static final int ROUNDS = 5;
  private static final int CHANGES = 2000;
  private static final int CALM_RATE = 100;
  private static final int STORM_RATE = 1000;
  private static final int STORM_SECONDS = 60;

  private final ApiServer server;

  private ApiWatch(ApiServer server) {
    this.server = server;
  }

  /// Runs the benchmark; the server is a process of its own.
  public static void main(String[] args)
      throws IOException, InterruptedException, ClientConfigException {
    List<String> sizes = args.length > 0 ? List.of(args) : List.of("1000x10", "10000x10");
    for (String size : sizes) {
      try (ApiServer server = ApiServer.start(size)) {
        System.out.println(size);
        new ApiWatch(server).run();
      }
    }
  }

  private void run() throws IOException, InterruptedException, ClientConfigException {
    ClusterOptions standard = ClusterOptions.standard("node-00");
    start("protobuf, streamed", standard);
    start("protobuf, listed", variant(standard.accept(), false));
    start("JSON, streamed", variant("application/json", true));
    start("JSON, listed", variant("application/json", false));
    follow(standard);
  }

  private static ClusterOptions variant(String accept, boolean streams) {
    return new ClusterOptions(
        "node-00", true, false, true, accept, streams, WatchPacing.standard());
  }

  private ApiTransport client() throws ClientConfigException {
    ClientOptions options =
        new ClientOptions(
            Optional.of(server.kubeconfig()), Optional.empty(), -1, 0, "kube-proxy/bench");
    return ApiClients.open(
        options, ApiClientObserver.NONE, Logger.SILENT, Surroundings.ofProcess());
  }

  private static ClusterSource source(
      ApiTransport client, ClusterOptions options, ClusterSink sink) {
    return new ClusterSource(
        client,
        options,
        sink,
        new ClusterSource.Environment(
            1, System::nanoTime, Logger.SILENT, (_, mistake) -> mistake.printStackTrace()));
  }

  private void start(String way, ClusterOptions options)
      throws InterruptedException, ClientConfigException {
    double[] millis = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      Sink sink = new Sink();
      long begun = System.nanoTime();
      try (ApiTransport client = client();
          ClusterSource source = source(client, options, sink)) {
        source.start();
        sink.synced.await();
        millis[round] = (System.nanoTime() - begun) / 1e6;
      }
    }
    System.out.printf(
        "  start, %s: first %.0f ms, median %.0f ms, best %.0f ms%n",
        way, millis[0], Sync.percentile(millis, 50), Arrays.stream(millis).min().orElseThrow());
  }

  private void follow(ClusterOptions options)
      throws IOException, InterruptedException, ClientConfigException {
    Sink sink = new Sink();
    try (ApiTransport client = client();
        ClusterSource source = source(client, options, sink)) {
      source.start();
      sink.synced.await();
      change(sink, CHANGES, CALM_RATE);
      change(sink, CHANGES, CALM_RATE);
      sink.print("one change at a time");
      // Twice: what the first minute leaves in memory must not come again with the second.
      storm(sink);
      storm(sink);
    }
  }

  private void storm(Sink sink) throws IOException, InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long heap = heapMegabytes();
    long cpu = system.getProcessCpuTime();
    change(sink, STORM_RATE * STORM_SECONDS, STORM_RATE);
    double cores = (system.getProcessCpuTime() - cpu) / (STORM_SECONDS * 1e9);
    sink.print(STORM_RATE + " changes a second");
    System.out.printf(
        "  a minute of that: %.1f %% of one core; heap after collection %d MB, before %d MB%n",
        100 * cores, heapMegabytes(), heap);
  }

  private void change(Sink sink, int count, int rate) throws IOException, InterruptedException {
    sink.expect(count);
    server.change(count, rate);
    sink.awaitAll();
  }

  private static long heapMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /// Folds what comes, as the sync thread does, and notes how old each change is.
  private static final class Sink implements ClusterSink {
    private final CountDownLatch synced = new CountDownLatch(1);
    private final AtomicInteger seen = new AtomicInteger();
    private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    private double[] micros = new double[0];
    private CountDownLatch all = new CountDownLatch(0);

    @Override
    public synchronized void put(ClusterDelta delta) {
      int now = (int) (System.nanoTime() / 1000);
      if (delta.changes().size() == 1
          && delta.changes().values().iterator().next().orElse(null) instanceof EndpointSlice s) {
        note(now, s);
      }
      snapshot = snapshot.apply(delta).snapshot();
    }

    private void note(int now, EndpointSlice slice) {
      byte[] address = slice.endpoints().getFirst().address().toBytes();
      int stamp = 0;
      for (byte each : address) {
        stamp = stamp << 8 | each & 0xff;
      }
      int index = seen.getAndIncrement();
      if (index < micros.length) {
        micros[index] = now - stamp;
        all.countDown();
      }
    }

    synchronized void expect(int count) {
      micros = new double[count];
      seen.set(0);
      all = new CountDownLatch(count);
    }

    void awaitAll() throws InterruptedException {
      all.await();
    }

    synchronized void print(String what) {
      System.out.printf(
          "  %s, to its delta: p50 %.0f us, p99 %.0f us, max %.0f us%n",
          what,
          Sync.percentile(micros, 50),
          Sync.percentile(micros, 99),
          Arrays.stream(micros).max().orElse(0));
    }

    @Override
    public void markSynced() {
      synced.countDown();
    }

    @Override
    public void ignored(Problem problem) {
      System.out.println(problem);
    }
  }
}
