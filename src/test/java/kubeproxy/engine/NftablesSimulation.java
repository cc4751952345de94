package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.plan.NodeFacts;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeNftables;
import kubeproxy.testing.FakeNftables.Fault;
import kubeproxy.testing.RandomDrift;

/// The nftables mode. One commit in ten fails, and so does a look now and then.
final class NftablesSimulation extends ModeSimulation<FakeNftables> {
  private static final List<Fault> FAULTS =
      List.of(Fault.REFUSE, Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER);

  private final Random random;

  NftablesSimulation(long seed) {
    this(new Random(seed));
  }

  private NftablesSimulation(Random random) {
    super(random);
    this.random = random;
    Map<IpFamily, FakeNftables> kernels = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      FakeNftables kernel = new FakeNftables(family);
      kernel.setFaults(_ -> fault());
      kernels.put(family, kernel);
    }
    start(kernels);
  }

  private Fault fault() {
    return random.nextInt(10) == 0 ? FAULTS.get(random.nextInt(FAULTS.size())) : Fault.NONE;
  }

  @Override
  Dataplane dataplane(IpFamily family, FakeNftables kernel) {
    return new NftablesDataplane(kernel, family, Compiled.MARK);
  }

  @Override
  FakeNftables freshKernel(IpFamily family, NodeFacts facts) {
    return new FakeNftables(family);
  }

  @Override
  void checkSame(FakeNftables kernel, FakeNftables expected) {
    assertThat(kernel.content()).isEqualTo(expected.content());
  }

  @Override
  void drift(FakeNftables kernel) {
    RandomDrift.apply(kernel, random);
  }

  @Override
  void refuse(FakeNftables kernel, ContestedObjects objects) {
    kernel.refuseNothing();
    if (random.nextBoolean()) {
      kernel.refuse(objects.serviceKey());
    }
  }

  @Override
  void setUnreadable(FakeNftables kernel, boolean unreadable) {
    kernel.setUnreadable(unreadable);
  }

  @Override
  void calm(FakeNftables kernel) {
    kernel.setFaults(_ -> Fault.NONE);
    kernel.refuseNothing();
    kernel.setUnreadable(false);
  }

  @Override
  boolean move(IpFamily family, FakeNftables kernel, NodeFacts facts) {
    return false;
  }

  @Override
  boolean connect(FakeNftables kernel) {
    return false;
  }

  @Override
  int size(FakeNftables kernel) {
    return kernel.dump().length();
  }
}
