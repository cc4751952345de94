package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.ipvs.apply.IpvsDataplane;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.Backend;
import kubeproxy.plan.NodeFacts;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.FakeIpvs;
import kubeproxy.testing.FakeIpvs.Fault;
import kubeproxy.testing.IpvsDrift;

/// The ipvs mode. One call in ten fails, some of them half-way, and so does a look now and then;
/// connections come and go.
final class IpvsSimulation extends ModeSimulation<IpvsSimulation.Kernel> {
  private static final List<Fault> FAULTS = List.of(Fault.BEFORE, Fault.AFTER, Fault.HALFWAY);

  private final Random random;

  /// The two parts of a kernel that one data plane writes to.
  record Kernel(FakeIpvs ipvs, FakeIptables tables) {}

  IpvsSimulation(long seed) {
    this(new Random(seed));
  }

  private IpvsSimulation(Random random) {
    super(random);
    this.random = random;
    Map<IpFamily, Kernel> kernels = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      FakeIpvs ipvs = new FakeIpvs();
      ipvs.setFaults(this::fault);
      kernels.put(family, new Kernel(ipvs, new FakeIptables(family)));
    }
    start(kernels);
  }

  private Fault fault() {
    return random.nextInt(10) == 0 ? FAULTS.get(random.nextInt(FAULTS.size())) : Fault.NONE;
  }

  @Override
  Dataplane dataplane(IpFamily family, Kernel kernel) {
    return new IpvsDataplane(
        kernel.ipvs(),
        kernel.tables(),
        new CompileOptions(family, "rr", Compiled.MARK),
        new Ownership(List.of()));
  }

  @Override
  Kernel freshKernel(IpFamily family, NodeFacts facts) {
    Kernel fresh = new Kernel(new FakeIpvs(), new FakeIptables(family));
    move(family, fresh, facts);
    return fresh;
  }

  @Override
  void checkSame(Kernel kernel, Kernel expected) {
    assertThat(kernel.ipvs().content()).isEqualTo(expected.ipvs().content());
    assertThat(kernel.tables().content()).isEqualTo(expected.tables().content());
  }

  @Override
  void drift(Kernel kernel) {
    IpvsDrift.apply(kernel.ipvs(), kernel.tables(), random);
  }

  @Override
  void refuse(Kernel kernel, ContestedObjects objects) {
    int number = random.nextInt(40);
    // by the text, whose hash is the same in every process
    kernel
        .ipvs()
        .refuse(operation ->
            operation instanceof Operation.AddServer
                && operation.toString().hashCode() % 40 == number);
  }

  @Override
  void setUnreadable(Kernel kernel, boolean unreadable) {
    kernel.ipvs().setUnreadable(unreadable);
  }

  @Override
  void calm(Kernel kernel) {
    kernel.ipvs().setFaults(() -> Fault.NONE);
    kernel.ipvs().refuse(_ -> false);
    kernel.ipvs().setUnreadable(false);
  }

  @Override
  boolean move(IpFamily family, Kernel kernel, NodeFacts facts) {
    kernel
        .ipvs()
        .ownAddresses(
            facts.localAddresses().stream().filter(each -> each.family() == family).toList());
    return true;
  }

  @Override
  boolean connect(Kernel kernel) {
    FakeIpvs ipvs = kernel.ipvs();
    for (ServerKey key : ipvs.keys()) {
      for (Backend backend : ipvs.backends(key)) {
        ipvs.connect(key, backend, random.nextInt(2));
      }
    }
    return true;
  }

  @Override
  int size(Kernel kernel) {
    return kernel.ipvs().content().length();
  }
}
