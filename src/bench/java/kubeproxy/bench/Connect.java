package kubeproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.Planner;

/// How long it takes to set up a TCP connection through the rules, by the number of Services:
/// straight to a server on this node, and to it through a cluster IP with ten endpoints.
///
/// Arguments: numbers of Services.
public final class Connect {
  private static final int CONNECTIONS = 20_000;
  private static final int ENDPOINTS = 10;
  private static final int PORT = 8080;

  private Connect() {}

  /// Runs the benchmark in the present network namespace, which it changes.
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> sizes = args.length > 0 ? List.of(args) : List.of("10", "1000", "10000", "44000");
    // Every pod address is this node's own, and cluster IPs are routed somewhere.
    run("ip", "route", "add", "local", "11.0.0.0/8", "dev", "lo");
    run("ip", "route", "add", "10.96.0.0/12", "dev", "lo");
    Thread server = Thread.ofPlatform().daemon().start(Connect::serve);
    try (NfnetlinkSession session = NetlinkNftables.openSession()) {
      System.out.println("services | straight p50, p99 | through a cluster IP p50, p99");
      for (String size : sizes) {
        measure(session, Integer.parseInt(size));
      }
    }
    server.interrupt();
  }

  private static void measure(NfnetlinkSession session, int services) throws IOException {
    SyntheticCluster cluster = new SyntheticCluster(services, ENDPOINTS);
    PlanConfig config =
        new PlanConfig(
            IpFamily.IPV4,
            SyntheticCluster.NODE,
            false,
            new PlanConfig.DetectLocal.ByClusterCidr(List.of()),
            new PlanConfig.NodePortChoice.InCidrs(List.of()),
            true);
    try (NftablesDataplane dataplane =
        new NftablesDataplane(
            new NetlinkNftables(session, IpFamily.IPV4), IpFamily.IPV4, 1 << 14)) {
      dataplane.cleanUp();
      Planner.Step step =
          new Planner(config)
              .update(
                  ClusterSnapshot.EMPTY.apply(cluster.whole()).snapshot(),
                  new NodeFacts(List.of()),
                  ClusterChange.NONE);
      dataplane.sync(new SyncRequest(step.plan(), step.delta(), true, Set.of()));
      double[] straight = new double[CONNECTIONS];
      double[] through = new double[CONNECTIONS];
      for (int i = 0; i < CONNECTIONS; i++) {
        int service = (int) (i * 7919L % services);
        InetAddress pod = InetAddress.getByAddress(new byte[] {11, 0, 0, (byte) (1 + i % 250)});
        straight[i] = connect(new InetSocketAddress(pod, PORT));
        InetAddress ip = InetAddress.getByAddress(SyntheticCluster.clusterIp(service).toBytes());
        through[i] = connect(new InetSocketAddress(ip, 80));
      }
      System.out.printf(
          "%8d | %.1f, %.1f us | %.1f, %.1f us%n",
          services,
          Sync.percentile(straight, 50),
          Sync.percentile(straight, 99),
          Sync.percentile(through, 50),
          Sync.percentile(through, 99));
    }
  }

  /// One connection, ended by a reset so that none lingers. In microseconds.
  private static double connect(InetSocketAddress to) throws IOException {
    long start = System.nanoTime();
    try (SocketChannel channel = SocketChannel.open(to)) {
      long connected = System.nanoTime();
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      return (connected - start) / 1e3;
    }
  }

  private static void serve() {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(PORT), 1024);
      while (true) {
        server.accept().close();
      }
    } catch (IOException e) {
      System.err.println("server: " + e);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }
}
