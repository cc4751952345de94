package kubeproxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.IptablesDataplane;
import kubeproxy.iptables.apply.IptablesPort;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;

/// The `iptables` mode: our own share of a sync (compiling, comparing, text, reading back) without
/// the tools, and whole syncs with the tools of both variants.
///
/// Arguments: sizes as `10000x10`, Services x endpoints each. With the system property
/// `own-share-only` no tool is run.
public final class Iptables {
  private static final int ROUNDS = 7;
  private static final int CHANGES = 200;
  private static final int TOOL_CHANGES = 5;
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

  private final int services;
  private final int endpoints;
  private final SyntheticCluster cluster;
  private final Planner planner = new Planner(CONFIG);
  private ClusterSnapshot snapshot;
  private Planner.Step step;

  private Iptables(int services, int endpoints) {
    this.services = services;
    this.endpoints = endpoints;
    this.cluster = new SyntheticCluster(services, endpoints);
    this.snapshot = ClusterSnapshot.EMPTY.apply(cluster.whole()).snapshot();
    this.step = planner.update(snapshot, FACTS, ClusterChange.NONE);
  }

  /// Runs the benchmark in the present network namespace, whose tables it changes.
  public static void main(String[] args) {
    List<String> sizes = args.length > 0 ? List.of(args) : List.of("1000x10", "10000x10");
    for (String size : sizes) {
      String[] parts = size.split("x", -1);
      int services = Integer.parseInt(parts[0]);
      int endpoints = Integer.parseInt(parts[1]);
      new Iptables(services, endpoints).ownShare();
      if (!Boolean.getBoolean("own-share-only")) {
        for (Variant variant : Variant.values()) {
          new Iptables(services, endpoints).withTools(variant);
        }
      }
    }
  }

  /// Takes everything and knows what it took, without any tool.
  private static final class Memory implements IptablesPort {
    private static final List<String> BUILT_IN =
        List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

    private byte[] saved = new byte[0];
    private int inputBytes;

    @Override
    public SavedTables observe() {
      return Objects.requireNonNull(SavedTables.parse(saved));
    }

    @Override
    public RestoreEnd restore(RestoreInput input) {
      inputBytes = input.bytes().length;
      return new RestoreEnd.Restored();
    }

    /// Holds what an input makes of empty tables.
    void hold(RestoreInput input) {
      StringBuilder text = new StringBuilder();
      Map<String, StringBuilder> chains = new LinkedHashMap<>();
      for (String line : input.toString().split("\n", -1)) {
        if (line.startsWith("-")) {
          String chain = line.substring(3, line.indexOf(' ', 3));
          chains
              .computeIfAbsent(chain, _ -> new StringBuilder())
              .append("-A")
              .append(line, 2, line.length())
              .append('\n');
        } else if (line.equals("COMMIT")) {
          chains.values().forEach(text::append);
          chains.clear();
          text.append("COMMIT\n");
        } else {
          text.append(line).append('\n');
          if (line.startsWith("*")) {
            BUILT_IN.forEach(chain -> text.append(':').append(chain).append(" ACCEPT [0:0]\n"));
          }
        }
      }
      saved = text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static IptablesDataplane dataplane(IptablesPort port, Variant variant) {
    return new IptablesDataplane(
        port, CompileOptions.of(IpFamily.IPV4, MARK), variant.diffOptions());
  }

  private void ownShare() {
    double[] full = new double[ROUNDS];
    double[] again = new double[ROUNDS];
    double[] changes = new double[CHANGES];
    int bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Memory memory = new Memory();
      RestoreInput[] first = new RestoreInput[1];
      IptablesPort port =
          new IptablesPort() {
            @Override
            public SavedTables observe() {
              return memory.observe();
            }

            @Override
            public RestoreEnd restore(RestoreInput input) {
              first[0] = input;
              return memory.restore(input);
            }
          };
      IptablesDataplane dataplane = dataplane(port, Variant.LEGACY);
      full[round] = worked(() -> sync(dataplane, true));
      bytes = memory.inputBytes;
      memory.hold(first[0]);
      again[round] = worked(() -> expectNothing(sync(dataplane, true)));
      if (round == ROUNDS - 1) {
        Arrays.setAll(changes, i -> changeWorked(dataplane, i));
      }
    }
    System.out.printf(
        "%d x %d: text %.1f MB; own share of a full sync %.0f ms (first, cold: %.0f), of reading"
            + " back and comparing %.0f ms, of one endpoint change p50 %.2f, p99 %.2f ms%n",
        services,
        endpoints,
        bytes / 1e6,
        Sync.percentile(full, 50),
        full[0],
        Sync.percentile(again, 50),
        Sync.percentile(changes, 50),
        Sync.percentile(changes, 99));
  }

  private void withTools(Variant variant) {
    String infix = variant == Variant.LEGACY ? "-legacy" : "-nft";
    Tools tools = new Tools(IpFamily.IPV4, variant, infix, "1.8.9");
    HostIptables host = new HostIptables(Programs.ofHost(), tools);
    IptablesDataplane dataplane = dataplane(host, variant);
    Cost full = cost(() -> sync(dataplane, true));
    double[] changes = new double[TOOL_CHANGES];
    Arrays.setAll(changes, i -> changeTimed(dataplane, i));
    double[] comings = new double[TOOL_CHANGES];
    Arrays.setAll(comings, i -> comeAndGoTimed(dataplane, i));
    IptablesDataplane another = dataplane(host, variant);
    Cost restart = cost(() -> expectNothing(sync(another, true)));
    Cost cleanUp = cost(another::cleanUp);
    System.out.printf(
        "%d x %d, %s: full sync %s, one endpoint change p50 %.0f ms, a Service loses its endpoints"
            + " or gets them back p50 %.0f ms, a restart %s, clean-up %s%n",
        services,
        endpoints,
        variant.text(),
        full,
        Sync.percentile(changes, 50),
        Sync.percentile(comings, 50),
        restart,
        cleanUp);
  }

  private double changeWorked(IptablesDataplane dataplane, int i) {
    plan((int) (i / 2 * 7919L % services), i % 2 == 0 ? endpoints + 1 : endpoints);
    return worked(() -> sync(dataplane, false));
  }

  private double changeTimed(IptablesDataplane dataplane, int i) {
    int service = (int) (i / 2 * 7919L % services);
    return changeTimed(dataplane, service, i % 2 == 0 ? endpoints + 1 : endpoints);
  }

  private double comeAndGoTimed(IptablesDataplane dataplane, int i) {
    int service = (int) (i / 2 * 7919L % services);
    return changeTimed(dataplane, service, i % 2 == 0 ? 0 : endpoints);
  }

  private double changeTimed(IptablesDataplane dataplane, int service, int count) {
    plan(service, count);
    return timed(() -> sync(dataplane, false));
  }

  private void plan(int service, int count) {
    ClusterSnapshot.Step folded = snapshot.apply(cluster.change(service, count));
    snapshot = folded.snapshot();
    step = planner.update(snapshot, FACTS, folded.change());
  }

  private SyncOutcome.Applied sync(IptablesDataplane dataplane, boolean observe) {
    PlanDelta delta = observe ? PlanDelta.NONE : step.delta();
    SyncOutcome outcome = dataplane.sync(new SyncRequest(step.plan(), delta, observe, Set.of()));
    if (outcome instanceof SyncOutcome.Applied applied) {
      return applied;
    }
    throw new IllegalStateException(outcome.toString());
  }

  private static void expectNothing(SyncOutcome.Applied applied) {
    if (applied.operations() != 0) {
      throw new IllegalStateException("there was something to change: " + applied);
    }
  }

  /// What something took.
  ///
  /// @param worked processor time of this thread and of the tools, which a busy machine leaves as
  ///     it is
  private record Cost(double millis, double worked) {
    @Override
    public String toString() {
      return "%.0f ms (%.0f ms of processor time)".formatted(millis, worked);
    }
  }

  private static Cost cost(Runnable work) {
    double[] millis = new double[1];
    double before = toolsWorked();
    double own = worked(() -> millis[0] = timed(work));
    return new Cost(millis[0], own + toolsWorked() - before);
  }

  /// Processor time of all processes that this one started and that have ended (proc(5), `cutime`
  /// and `cstime`, in hundredths of a second).
  private static double toolsWorked() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 10.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /// Our own share is processor time of the sync thread, so that a busy machine does not count.
  private static double worked(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    work.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e6;
  }
}
