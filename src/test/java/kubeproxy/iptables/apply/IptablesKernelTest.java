package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncOutcome.Rejected;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The real tools of both variants on the real kernel.
@Tag("kernel")
class IptablesKernelTest {
  private static final int MARK = 0x4000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final Programs PROGRAMS = Programs.ofHost();

  @AfterEach
  void cleanUp() throws Exception {
    assertThat(new IptablesCleanup(PROGRAMS).cleanUp().failures()).isEmpty();
    for (IpFamily family : IpFamily.values()) {
      for (Tools tools : new ToolFinder(PROGRAMS).all(family)) {
        flush(tools.iptables());
      }
    }
  }

  private static Tools tools(Variant variant, IpFamily family) throws InterruptedException {
    return new ToolFinder(PROGRAMS)
        .all(family).stream().filter(t -> t.variant() == variant).findFirst().orElseThrow();
  }

  private static HostIptables host(Variant variant, IpFamily family) throws InterruptedException {
    return new HostIptables(PROGRAMS, tools(variant, family));
  }

  private static IptablesDataplane dataplane(Variant variant, CompileOptions options)
      throws InterruptedException {
    return new IptablesDataplane(host(variant, options.family()), options, variant.diffOptions());
  }

  private static String run(String... command) throws InterruptedException {
    ProgramEnd end = PROGRAMS.run(ProgramCall.of(PATIENCE, command));
    assertThat(end).as(String.join(" ", command)).isInstanceOf(ProgramEnd.Exited.class);
    ProgramEnd.Exited exited = (ProgramEnd.Exited) end;
    assertThat(exited.succeeded()).as("%s: %s", List.of(command), exited).isTrue();
    return exited.output();
  }

  private static SyncOutcome sync(IptablesDataplane dataplane, NodePlan plan, PlanDelta delta) {
    boolean observe = delta.equals(PlanDelta.NONE);
    return dataplane.sync(new SyncRequest(plan, delta, observe, Set.of()));
  }

  static Stream<Arguments> variantsAndFamilies() {
    return Stream.of(Variant.values())
        .flatMap(
            variant -> Stream.of(IpFamily.values()).map(family -> Arguments.of(variant, family)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variantsAndFamilies")
  void whatIsReadBackIsWhatWasWritten(Variant variant, IpFamily family) throws Exception {
    CompileOptions options = CompileOptions.of(family, MARK);
    IptablesDataplane dataplane = dataplane(variant, options);
    RandomPlan random = new RandomPlan(family, new Random(3), 9);
    for (int step = 0; step < 12; step++) {
      PlanDelta delta = step == 0 ? PlanDelta.NONE : random.step();
      NodePlan plan = UniformTreatments.of(random.plan());
      assertThat(sync(dataplane, plan, delta)).as("step %d", step).isInstanceOf(Applied.class);
      IptablesDataplane another = dataplane(variant, options);
      assertThat(sync(another, plan, PlanDelta.NONE))
          .as("step %d", step)
          .isEqualTo(new Applied(0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatTheKernelRefusesIsNamed(Variant variant) throws Exception {
    // the counter is not there, so every rule for a node port is refused
    CompileOptions options = new CompileOptions(IpFamily.IPV4, MARK, true, true, true, false, true);
    IptablesDataplane dataplane = dataplane(variant, options);
    RandomPlan random = new RandomPlan(IpFamily.IPV4, new Random(5), 9);
    for (int i = 0; i < 12; i++) {
      random.step();
    }
    NodePlan plan = UniformTreatments.of(random.plan());
    SyncOutcome outcome = sync(dataplane, plan, PlanDelta.NONE);
    assertThat(outcome).isInstanceOf(Rejected.class);
    List<Refusal> refusals = ((Rejected) outcome).refusals();
    assertThat(refusals).isNotEmpty();
    for (Refusal refusal : refusals) {
      assertThat(refusal.service()).as(refusal.toString()).isNotNull();
    }
  }

  @Test
  void theLockIsAwaitedForAWhile() throws Exception {
    IptablesDataplane dataplane = dataplane(Variant.LEGACY, CompileOptions.of(IpFamily.IPV4, MARK));
    NodePlan plan = new RandomPlan(IpFamily.IPV4, new Random(1), 3).plan();
    Process holder = new ProcessBuilder("flock", "/run/xtables.lock", "sleep", "60").start();
    try {
      awaitHeld();
      SyncOutcome outcome = sync(dataplane, plan, PlanDelta.NONE);
      assertThat(outcome.toString()).contains("EAGAIN", "xtables lock");
    } finally {
      holder.descendants().forEach(ProcessHandle::destroy);
      holder.destroy();
    }
  }

  private static void awaitHeld() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (new ProcessBuilder("flock", "-n", "/run/xtables.lock", "true").start().waitFor() == 0) {
      assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
      Thread.sleep(10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlushIsNoticedAndSoIsTheEndOfWatching(Variant variant) throws Exception {
    IpFamily family = IpFamily.IPV4;
    BlockingQueue<IpFamily> drift = new ArrayBlockingQueue<>(10);
    HostIptables host = host(variant, family);
    IptablesDataplane dataplane =
        new IptablesDataplane(host, CompileOptions.of(family, MARK), variant.diffOptions());
    NodePlan plan = new RandomPlan(family, new Random(1), 3).plan();
    assertThat(sync(dataplane, plan, PlanDelta.NONE)).isInstanceOf(Applied.class);
    var told = new CompletableFuture<Throwable>();
    try (CanaryWatch watch = CanaryWatch.start(host, family, OFTEN, drift::add, told::complete)) {
      assertThat(watch).isNotNull();
      assertThat(drift.poll(300, TimeUnit.MILLISECONDS)).isNull();
      flush(tools(variant, family).iptables());
      assertThat(drift.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(family);
      assertThat(sync(dataplane, plan, PlanDelta.NONE)).isInstanceOf(Applied.class);
      assertThat(run(tools(variant, family).save(), "-t", "mangle"))
          .contains(":KUBE-PROXY-CANARY ");
    }
    assertThat(told).isNotDone();
    var mistake = new IllegalStateException("a mistake");
    Consumer<IpFamily> mistaken =
        _ -> {
          throw mistake;
        };
    try (CanaryWatch watch = CanaryWatch.start(host, family, OFTEN, mistaken, told::complete)) {
      assertThat(watch).isNotNull();
      flush(tools(variant, family).iptables());
      assertThat(told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isSameAs(mistake);
    }
  }

  private static void flush(String iptables) throws InterruptedException {
    for (Table table : Table.values()) {
      run(iptables, "-w", "-t", table.text(), "-F");
      run(iptables, "-w", "-t", table.text(), "-X");
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variantsAndFamilies")
  void cleaningUpRemovesOursAndNothingElse(Variant variant, IpFamily family) throws Exception {
    Tools tools = tools(variant, family);
    for (String line :
        List.of(
            "-t filter -N KUBE-KUBELET-CANARY",
            "-t nat -N OTHERS",
            "-t nat -A OTHERS -j MASQUERADE",
            "-t nat -A POSTROUTING -j OTHERS",
            "-t filter -A FORWARD -j ACCEPT")) {
      List<String> command = new ArrayList<>(List.of(tools.iptables(), "-w"));
      command.addAll(List.of(line.split(" ", -1)));
      run(command.toArray(new String[0]));
    }
    String before = chainsAndRules(tools);
    CompileOptions options = CompileOptions.of(family, MARK);
    RandomPlan random = new RandomPlan(family, new Random(3), 9);
    random.step();
    NodePlan plan = UniformTreatments.of(random.plan());
    assertThat(sync(dataplane(variant, options), plan, PlanDelta.NONE)).isInstanceOf(Applied.class);

    CleanupResult result = new IptablesCleanup(PROGRAMS).cleanUp();

    assertThat(result.failures()).isEmpty();
    assertThat(result.removed()).hasSize(1);
    run(tools.iptables(), "-w", "-D", "INPUT", "-j", "KUBE-FIREWALL");
    run(tools.iptables(), "-w", "-D", "OUTPUT", "-j", "KUBE-FIREWALL");
    run(tools.iptables(), "-w", "-X", "KUBE-FIREWALL");
    assertThat(chainsAndRules(tools)).isEqualTo(before);
    assertThat(new IptablesCleanup(PROGRAMS).cleanUp())
        .isEqualTo(new CleanupResult(List.of(), List.of()));
  }

  /// As kube-proxy 1.20 leaves them, with one Service that has a node port.
  @ParameterizedTest
  @MethodSource("variantsAndFamilies")
  void cleaningUpRemovesWhatTheOldUserspaceModeLeft(Variant variant, IpFamily family)
      throws Exception {
    Tools tools = tools(variant, family);
    String before = chainsAndRules(tools);
    String ip = family == IpFamily.IPV4 ? "172.30.0.41/32" : "fd00:172:30::41/128";
    String script =
        """
        *nat
        :KUBE-PORTALS-CONTAINER - [0:0]
        :KUBE-PORTALS-HOST - [0:0]
        :KUBE-NODEPORT-CONTAINER - [0:0]
        :KUBE-NODEPORT-HOST - [0:0]
        -I PREROUTING -m comment --comment "%2$s" -j KUBE-PORTALS-CONTAINER
        -I OUTPUT -m comment --comment "%2$s" -j KUBE-PORTALS-HOST
        -A PREROUTING %3$s -j KUBE-NODEPORT-CONTAINER
        -A OUTPUT %3$s -j KUBE-NODEPORT-HOST
        -A KUBE-PORTALS-CONTAINER -d %1$s -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 41417
        -A KUBE-NODEPORT-CONTAINER -p tcp -m tcp --dport 30080 -j REDIRECT --to-ports 41417
        COMMIT
        *filter
        :KUBE-NODEPORT-NON-LOCAL - [0:0]
        -I INPUT -m comment --comment "%4$s" -j KUBE-NODEPORT-NON-LOCAL
        -A KUBE-NODEPORT-NON-LOCAL -p tcp -m tcp --dport 41417 -m state --state NEW -j ACCEPT
        COMMIT
        """
            .formatted(
                ip,
                "handle ClusterIPs; NOTE: this must be before the NodePort rules",
                "-m addrtype --dst-type LOCAL -m comment --comment \"handle service NodePorts;"
                    + " NOTE: this must be the last rule in the chain\"",
                "Ensure that non-local NodePort traffic can flow");
    run("sh", "-c", "echo '" + script + "' | " + tools.restore() + " -w --noflush");
    assertThat(chainsAndRules(tools)).contains("KUBE-PORTALS-HOST");

    CleanupResult result = new IptablesCleanup(PROGRAMS, "userspace", Footprint.PORTALS).cleanUp();

    assertThat(result.failures()).isEmpty();
    assertThat(result.removed()).hasSize(1);
    assertThat(chainsAndRules(tools)).isEqualTo(before);
  }

  private static String chainsAndRules(Tools tools) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String table : List.of("filter", "nat")) {
      run(tools.save(), "-t", table)
          .lines()
          .filter(line -> line.startsWith("-A"))
          .map(line -> table + " " + line)
          .forEach(lines::add);
      run(tools.save(), "-t", table)
          .lines()
          .filter(line -> line.startsWith(":"))
          .map(line -> table + " " + line.split(" ", -1)[0])
          .sorted()
          .forEach(lines::add);
    }
    return String.join("\n", lines);
  }

  @Test
  void theKubeletsVariantIsFound() throws Exception {
    run("iptables-legacy", "-w", "-t", "mangle", "-N", "KUBE-IPTABLES-HINT");
    assertThat(new ToolFinder(PROGRAMS).find(IpFamily.IPV6).toString())
        .contains("-legacy", "KUBE-IPTABLES-HINT");
  }

  @ParameterizedTest
  @EnumSource
  void countersAreMadeAndCount(Variant variant) throws Exception {
    var _ = Sysctl.ofKernel().set(Sysctl.ROUTE_LOCALNET, 0);
    assertThat(prepared(variant).localhostNodePorts()).isFalse();
    var _ = Sysctl.ofKernel().set(Sysctl.ROUTE_LOCALNET, 1);
    CompileOptions options = prepared(variant);
    assertThat(options.localhostNodePorts()).isTrue();
    assertThat(options.countInvalid()).isTrue();
    assertThat(options.countLocalhost()).isTrue();
    NodePlan plan = new RandomPlan(IpFamily.IPV4, new Random(1), 3).plan();
    assertThat(sync(dataplane(variant, options), plan, PlanDelta.NONE)).isInstanceOf(Applied.class);
    assertThat(sync(dataplane(variant, options), plan, PlanDelta.NONE))
        .isEqualTo(new Applied(0, 0));
    try (PacketCounters counters = PacketCounters.open()) {
      assertThat(counters.packets(CompileOptions.INVALID_COUNTER)).hasValue(0);
      assertThat(counters.packets("none")).isEmpty();
    }
  }

  private static CompileOptions prepared(Variant variant) throws InterruptedException {
    return new HostSetup(Sysctl.ofKernel(), PROGRAMS)
        .options(tools(variant, IpFamily.IPV4), 14, true);
  }

  /// That the kernel has a counter does not mean that rules can name it.
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variantsAndFamilies")
  void whetherRulesCanCountIsTried(Variant variant, IpFamily family) throws Exception {
    try (PacketCounters counters = PacketCounters.open()) {
      assertThat(counters.ensure(CompileOptions.INVALID_COUNTER)).isTrue();
    }
    Tools tools = tools(variant, family);
    assertThat(CounterProbe.works(PROGRAMS, tools, "none")).isFalse();
    assertThat(CounterProbe.works(PROGRAMS, tools, CompileOptions.INVALID_COUNTER)).isTrue();
    assertThat(chainsAndRules(tools)).doesNotContain("nfacct");

    CompileOptions options = new CompileOptions(family, MARK, false, true, true, true, false);
    NodePlan plan = new RandomPlan(family, new Random(1), 3).plan();
    assertThat(sync(dataplane(variant, options), plan, PlanDelta.NONE)).isInstanceOf(Applied.class);
    Programs reading =
        (call, input) ->
            call.toString().contains("-restore")
                ? new ProgramEnd.Exited(1, "", "line 1 failed")
                : PROGRAMS.run(call, input);
    assertThat(CounterProbe.works(reading, tools, CompileOptions.INVALID_COUNTER))
        .as("a restart changes nothing")
        .isTrue();
  }
}
