package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the kernel's notifications tell of others, and that they tell nothing of ourselves.
@Tag("kernel")
class RuleWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Programs PROGRAMS = Programs.ofHost();
  private static final Tools TOOLS = tools(IpFamily.IPV4);

  private final BlockingQueue<IpFamily> drift = new LinkedBlockingQueue<>();
  private final List<IOException> failures = new ArrayList<>();
  private final RandomPlan random = new RandomPlan(IpFamily.IPV4, new Random(3), 40);
  private RuleWatch watch;
  private IptablesDataplane dataplane;

  @BeforeEach
  void start() throws Exception {
    watch = RuleWatch.start(drift::add, failures::add);
    dataplane = dataplane(PROGRAMS);
    for (int i = 0; i < 12; i++) {
      random.step();
    }
  }

  @AfterEach
  void close() throws Exception {
    watch.close();
    for (IpFamily family : IpFamily.values()) {
      for (Table table : Table.values()) {
        run(tools(family).iptables(), "-w", "-t", table.text(), "-F");
        run(tools(family).iptables(), "-w", "-t", table.text(), "-X");
      }
    }
    assertThat(failures).isEmpty();
  }

  private static Tools tools(IpFamily family) {
    return new Tools(family, Variant.NF_TABLES, "-nft", "1.8.9");
  }

  private IptablesDataplane dataplane(Programs programs) {
    return new IptablesDataplane(
        new HostIptables(programs, TOOLS).watchedBy(watch),
        CompileOptions.of(IpFamily.IPV4, 0x4000),
        Variant.NF_TABLES.diffOptions());
  }

  private static void run(String... command) throws InterruptedException {
    runWith("", command);
  }

  private static void runWith(String input, String... command) throws InterruptedException {
    ProgramEnd end =
        PROGRAMS.run(ProgramCall.of(PATIENCE, command), input.getBytes(StandardCharsets.UTF_8));
    assertThat(end instanceof ProgramEnd.Exited exited && exited.succeeded())
        .as("%s: %s", List.of(command), end)
        .isTrue();
  }

  private static void iptables(String arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(TOOLS.iptables(), "-w"));
    command.addAll(List.of(arguments.split(" ", -1)));
    run(command.toArray(new String[0]));
  }

  private NodePlan sync(PlanDelta delta) {
    NodePlan plan = UniformTreatments.of(random.plan());
    boolean observe = delta.equals(PlanDelta.NONE);
    assertThat(dataplane.sync(new SyncRequest(plan, delta, observe, Set.of())))
        .isInstanceOf(Applied.class);
    return plan;
  }

  /// A change that is told of for certain, of the other family: what was done before it is known.
  private void expectNothingBut(IpFamily... families) throws Exception {
    runWith(
        "*nat\n:KUBE-SVC-A - [0:0]\n-A KUBE-SVC-A -j RETURN\nCOMMIT\n",
        tools(IpFamily.IPV6).restore(),
        "--noflush");
    for (IpFamily family : families) {
      assertThat(next()).isEqualTo(family);
    }
    assertThat(next()).isEqualTo(IpFamily.IPV6);
    assertThat(drift).isEmpty();
  }

  private IpFamily next() throws InterruptedException {
    return drift.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void ourOwnChangesAreNotDrift() throws Exception {
    sync(PlanDelta.NONE);
    for (int i = 0; i < 15; i++) {
      sync(random.step());
    }
    expectNothingBut();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t nat -D PREROUTING -m comment --comment PORTALS -j KUBE-SERVICES",
        "-t nat -F PREROUTING",
        "-D INPUT -j KUBE-FIREWALL",
        "-t nat -F KUBE-MARK-MASQ",
        "-t nat -A KUBE-SERVICES -j ACCEPT",
        "-t nat -I KUBE-POSTROUTING -j ACCEPT",
        "-t mangle -X KUBE-PROXY-CANARY",
        "-t nat -N KUBE-SVC-FOREIGN"
      })
  void whatOthersDoToOursIs(String arguments) throws Exception {
    sync(PlanDelta.NONE);
    List<String> command = new ArrayList<>(List.of(TOOLS.iptables(), "-w"));
    for (String argument : arguments.split(" ", -1)) {
      command.add(argument.equals("PORTALS") ? "kubernetes service portals" : argument);
    }
    run(command.toArray(new String[0]));
    expectNothingBut(IpFamily.IPV4);
    // and is put right, which is no drift
    sync(PlanDelta.NONE);
    expectNothingBut();
  }

  @Test
  void whatOthersDoToTheirsIsNot() throws Exception {
    sync(PlanDelta.NONE);
    iptables("-t nat -N OTHER");
    iptables("-t nat -A OTHER -j ACCEPT");
    iptables("-t nat -I PREROUTING -j OTHER");
    iptables("-t nat -D PREROUTING -j OTHER");
    iptables("-I INPUT -p tcp -m tcp --sport 25 -j DROP");
    iptables("-D INPUT -p tcp -m tcp --sport 25 -j DROP");
    iptables("-t nat -F OTHER");
    iptables("-t nat -X OTHER");
    run("nft", "add", "table", "ip", "others");
    run("nft", "add", "chain", "ip", "others", "KUBE-SERVICES");
    run("nft", "delete", "table", "ip", "others");
    expectNothingBut();
  }

  @Test
  void aTableThatIsRemovedIs() throws Exception {
    sync(PlanDelta.NONE);
    run("nft", "delete", "table", "ip", "nat");
    assertThat(next()).isEqualTo(IpFamily.IPV4);
  }

  @Test
  void whatOthersDoWhileAToolOfOursRunsIs() throws Exception {
    Programs withOther =
        (call, input) -> {
          if (call.toString().contains("restore")) {
            iptables("-t nat -N KUBE-SVC-FOREIGN");
          }
          return PROGRAMS.run(call, input);
        };
    sync(PlanDelta.NONE);
    dataplane = dataplane(withOther);
    sync(PlanDelta.NONE);
    iptables("-t nat -F KUBE-MARK-MASQ");
    assertThat(next()).isEqualTo(IpFamily.IPV4);
    sync(PlanDelta.NONE);
    expectNothingBut(IpFamily.IPV4);
  }

  /// With very much to write nobody listens, but that something was missed is known.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whileNobodyListensItIsKnownThatSomethingWasMissed(boolean withOther) throws Exception {
    AtomicInteger others = new AtomicInteger();
    Programs programs =
        (call, input) -> {
          if (withOther && call.toString().contains("restore")) {
            others.incrementAndGet();
            iptables("-t nat -N KUBE-SVC-FOREIGN");
          }
          return PROGRAMS.run(call, input);
        };
    dataplane = dataplane(programs);
    RandomPlan many = new RandomPlan(IpFamily.IPV4, new Random(3), 300);
    for (int i = 0; i < 12; i++) {
      many.step();
    }
    NodePlan plan = UniformTreatments.of(many.plan());
    SyncOutcome outcome = dataplane.sync(new SyncRequest(plan, PlanDelta.NONE, true, Set.of()));
    assertThat(outcome instanceof Applied(int operations, _) ? operations : 0)
        .as(outcome.toString())
        .isGreaterThan(1000);
    assertThat(others).hasValue(withOther ? 1 : 0);
    if (withOther) {
      expectNothingBut(IpFamily.IPV4, IpFamily.IPV6);
    } else {
      expectNothingBut();
    }
  }
}
