package kubeproxy.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.nftables.apply.TableWatch;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;

/// From a snapshot to the kernel's acknowledgement: full syncs, syncs over what is installed
/// already, and changes of one endpoint. In process, so warm after the first rounds.
///
/// Arguments: sizes as `10000x10`, Services x endpoints each.
public final class Sync {
  private static final int ROUNDS = 7;
  private static final int CHANGES = 2000;
  private static final int MARK = 1 << 14;
  private static final NodeFacts FACTS = new NodeFacts(List.of());
  private static final PlanConfig CONFIG =
      new PlanConfig(
          IpFamily.IPV4,
          SyntheticCluster.NODE,
          false,
          new PlanConfig.DetectLocal.ByClusterCidr(List.of()),
          new PlanConfig.NodePortChoice.InCidrs(List.of()),
          true);

  private final NfnetlinkSession session;
  private final TableWatch watch;

  private Sync(NfnetlinkSession session, TableWatch watch) {
    this.session = session;
    this.watch = watch;
  }

  /// Runs the benchmark in the present network namespace, whose table kube-proxy it replaces.
  public static void main(String[] args) throws IOException {
    List<String> sizes =
        args.length > 0 ? List.of(args) : List.of("100x10", "1000x10", "10000x10", "44000x6");
    try (NfnetlinkSession session = NetlinkNftables.openSession();
        TableWatch watch = TableWatch.start(session.portId(), _ -> {}, Sync::report)) {
      System.out.println(
          "services x endpoints |  plan  + compile, diff, apply = full sync (median, best) |"
              + " over installed | one endpoint change p50, p99, max");
      for (String size : sizes) {
        String[] parts = size.split("x", -1);
        new Sync(session, watch).run(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    }
  }

  private static void report(IOException e) {
    System.err.println(e);
  }

  private void run(int services, int endpoints) {
    SyntheticCluster cluster = new SyntheticCluster(services, endpoints);
    ClusterSnapshot snapshot = ClusterSnapshot.EMPTY.apply(cluster.whole()).snapshot();
    double[] plans = new double[ROUNDS];
    double[] applies = new double[ROUNDS];
    double again = 0;
    double[] changes = new double[CHANGES];
    for (int round = 0; round < ROUNDS; round++) {
      try (NftablesDataplane dataplane = dataplane()) {
        dataplane.cleanUp();
        long start = System.nanoTime();
        Planner planner = new Planner(CONFIG);
        Planner.Step step = planner.update(snapshot, FACTS, ClusterChange.NONE);
        long planned = System.nanoTime();
        sync(dataplane, new SyncRequest(step.plan(), step.delta(), true, Set.of()));
        long applied = System.nanoTime();
        plans[round] = millis(start, planned);
        applies[round] = millis(planned, applied);
        if (round == ROUNDS - 1) {
          long restart = System.nanoTime();
          sync(dataplane, new SyncRequest(step.plan(), PlanDelta.NONE, true, Set.of()));
          again = millis(restart, System.nanoTime());
          change(cluster, snapshot, planner, dataplane, services, endpoints, changes);
        }
      }
    }
    double[] totals = new double[ROUNDS];
    Arrays.setAll(totals, i -> plans[i] + applies[i]);
    System.out.printf(
        "%7d x %-10d | %6.1f + %6.1f = %6.1f, %6.1f ms | %7.1f ms | %.3f, %.3f, %.3f ms%n",
        services,
        endpoints,
        median(plans),
        median(applies),
        median(totals),
        Arrays.stream(totals).min().orElseThrow(),
        again,
        percentile(changes, 50),
        percentile(changes, 99),
        percentile(changes, 100));
  }

  private NftablesDataplane dataplane() {
    return new NftablesDataplane(
        new NetlinkNftables(session, IpFamily.IPV4).watchedBy(watch), IpFamily.IPV4, MARK);
  }

  /// Scales one Service after the other up by an endpoint, and down again.
  private static void change(
      SyntheticCluster cluster,
      ClusterSnapshot from,
      Planner planner,
      NftablesDataplane dataplane,
      int services,
      int endpoints,
      double[] results) {
    ClusterSnapshot snapshot = from;
    for (int i = 0; i < results.length; i++) {
      int service = (int) (i / 2 * 7919L % services);
      var delta = cluster.change(service, i % 2 == 0 ? endpoints + 1 : endpoints);
      long start = System.nanoTime();
      ClusterSnapshot.Step folded = snapshot.apply(delta);
      snapshot = folded.snapshot();
      Planner.Step step = planner.update(snapshot, FACTS, folded.change());
      sync(dataplane, new SyncRequest(step.plan(), step.delta(), false, Set.of()));
      results[i] = millis(start, System.nanoTime());
    }
  }

  private static void sync(NftablesDataplane dataplane, SyncRequest request) {
    SyncOutcome outcome = dataplane.sync(request);
    if (!(outcome instanceof SyncOutcome.Applied)) {
      throw new IllegalStateException(outcome.toString());
    }
  }

  private static double millis(long from, long to) {
    return (to - from) / 1e6;
  }

  private static double median(double[] values) {
    return percentile(values, 50);
  }

  static double percentile(double[] values, int percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
