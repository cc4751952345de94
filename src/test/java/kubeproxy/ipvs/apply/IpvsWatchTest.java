package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.FakeIpvs;
import org.junit.jupiter.api.Test;

class IpvsWatchTest {

  /// One that makes a mistake.
  private record Broken(RuntimeException mistake) implements IpvsPort {
    @Override
    public Observed observe() {
      throw mistake;
    }

    @Override
    public List<Observed.RealServer> realServers(ServerKey key) {
      throw mistake;
    }

    @Override
    public List<Result> apply(List<Operation> operations) {
      throw mistake;
    }

    @Override
    public void close() {}
  }

  @Test
  void aMistakeInTheProgramIsNoSilentEnd() throws Exception {
    IpvsDataplane dataplane =
        new IpvsDataplane(
            new FakeIpvs(),
            new FakeIptables(IpFamily.IPV4),
            new CompileOptions(IpFamily.IPV4, "rr", 0x4000),
            new Ownership(List.of()));
    var mistake = new IllegalStateException("a mistake");
    var told = new CompletableFuture<Throwable>();
    try (IpvsWatch watch =
        IpvsWatch.start(
            new Broken(mistake), dataplane, Duration.ofHours(1), _ -> {}, told::complete)) {
      watch.nudge();
      assertThat(told.get(1, TimeUnit.MINUTES)).isSameAs(mistake);
    }
  }
}
