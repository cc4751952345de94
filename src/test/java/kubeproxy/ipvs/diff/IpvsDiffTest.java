package kubeproxy.ipvs.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import kubeproxy.ipvs.apply.IpvsPort.Result;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.compile.FragmentCompiler;
import kubeproxy.ipvs.compile.NodeView;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.testing.FakeIpvs;
import kubeproxy.testing.Objects;
import kubeproxy.testing.RandomPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However a state was reached, it is the same, and the kernel never had a reason to refuse. Run
/// with `-Dkubeproxy.seed=N` to repeat one case, `-Dkubeproxy.cases=N` for more.
class IpvsDiffTest {
  private static final int STEPS = 40;
  private static final NodeView VIEW =
      new NodeView(
          new NodeSettings(
              false, new LocalSource.Unknown(), new NodePortAddresses.AllLocal(), List.of()),
          Stream.of("172.30.0.3", "192.0.2.1").map(IpAddress::of).toList());
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final ObjectKey OTHER = Objects.key("ns/other");
  private static final ServerKey PLACE =
      new ServerKey(IpAddress.of("192.0.2.1"), Protocol.TCP, 30_000);

  private final FakeIpvs kernel = new FakeIpvs();
  private final Installed installed = new Installed();

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.range(0, Integer.getInteger("kubeproxy.cases", 15));
  }

  private static Map<ObjectKey, @Nullable Fragment> compile(NodePlan plan) {
    var compiler = new FragmentCompiler(new CompileOptions(plan.family(), "rr", 1 << 14));
    Map<ObjectKey, @Nullable Fragment> fragments = new TreeMap<>();
    plan.services().forEach((key, service) -> fragments.put(key, compiler.compile(service, VIEW)));
    return fragments;
  }

  private void carryOut(Proposal proposal) throws Exception {
    List<Operation> operations =
        proposal.operations().stream().map(OwnedOperation::operation).toList();
    assertThat(kernel.apply(operations)).allMatch(Result.Done.class::isInstance);
    installed.accept(proposal);
  }

  private void startOver(Map<ObjectKey, @Nullable Fragment> fragments) throws Exception {
    Desired desired = new Desired(VIEW, fragments, Set.of());
    carryOut(FullDiff.between(kernel.observe(), desired, _ -> true));
  }

  private void follow(Map<ObjectKey, @Nullable Fragment> changed, ObjectKey... yielding)
      throws Exception {
    carryOut(Differ.changes(installed, new Desired(VIEW, changed, Set.of(yielding))));
  }

  private static String anew(Map<ObjectKey, @Nullable Fragment> fragments) throws Exception {
    IpvsDiffTest other = new IpvsDiffTest();
    other.startOver(fragments);
    return other.kernel.content();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void followingEqualsStartingOver(long seed) throws Exception {
    RandomPlan random = new RandomPlan(IpFamily.IPV4, new Random(seed), 9);
    startOver(compile(random.plan()));
    for (int step = 0; step < STEPS; step++) {
      Set<ObjectKey> changed = random.step().services();
      Map<ObjectKey, @Nullable Fragment> all = compile(random.plan());
      Map<ObjectKey, @Nullable Fragment> changes = new TreeMap<>();
      changed.forEach(key -> changes.put(key, all.get(key)));

      follow(changes);

      assertThat(kernel.content()).as("step %d", step).isEqualTo(anew(all));
      Desired desired = new Desired(VIEW, all, Set.of());
      // real servers without connections have lost their weight and wait for a look
      assertThat(FullDiff.between(kernel.observe(), desired, _ -> true).operations())
          .as("step %d", step)
          .allMatch(each ->
              each.operation() instanceof Operation.RemoveBackend
                  || each.operation() instanceof Operation.RemoveServer
                  || each.operation() instanceof Operation.RemoveEntry);
    }
  }

  private static Fragment serving(String backend, boolean nodePort) {
    return new Fragment(
        List.of(
            new VirtualServer(
                PLACE,
                Scheduling.of("rr", 0),
                List.of(new Backend(IpAddress.of(backend), 80)),
                nodePort)),
        List.of(),
        List.of());
  }

  private List<String> backends() {
    return kernel.backends(PLACE).stream()
        .filter(backend -> kernel.weight(PLACE, backend) > 0)
        .map(Backend::toString)
        .toList();
  }

  @Test
  void anAddressOfAServiceComesBeforeANodePortThere() throws Exception {
    startOver(Map.of(OTHER, serving("10.0.0.1", true)));
    assertThat(backends()).containsExactly("10.0.0.1:80");
    follow(Map.of(WEB, serving("10.0.0.2", false)));
    assertThat(backends()).containsExactly("10.0.0.2:80");
    Map<ObjectKey, @Nullable Fragment> gone = new TreeMap<>();
    gone.put(WEB, null);
    follow(gone);
    assertThat(backends()).containsExactly("10.0.0.1:80");
  }

  @Test
  void whoIsSetAsideComesAfterEverybody() throws Exception {
    Fragment old = serving("10.0.0.1", false);
    startOver(Map.of(OTHER, old));
    follow(Map.of(OTHER, old, WEB, serving("10.0.0.2", true)), OTHER);
    assertThat(backends()).containsExactly("10.0.0.2:80");
    follow(Map.of(OTHER, old));
    assertThat(backends()).containsExactly("10.0.0.1:80");
  }
}
