package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.FakeNftables.Fault;
import org.junit.jupiter.api.Test;

class NftablesCleanupTest extends DataplaneFixture {
  private final List<String> removed = new ArrayList<>();
  private final List<CleanupResult.Failure> failures = new ArrayList<>();

  private void remove() {
    NftablesCleanup.remove(port, IpFamily.IPV4, removed, failures);
  }

  @Test
  void theTableGoesWhateverIsInIt() {
    begin();
    remove();
    assertThat(port.exists()).isFalse();
    assertThat(removed).containsExactly("table ip kube-proxy");
    assertThat(failures).isEmpty();
  }

  @Test
  void noTableIsNoFailure() {
    remove();
    assertThat(removed).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void whatTheKernelRefusesIsAFailure() {
    begin();
    port.setFaults(_ -> Fault.REFUSE);
    remove();
    assertThat(removed).isEmpty();
    assertThat(failures).extracting(CleanupResult.Failure::step).contains("table ip kube-proxy");
  }

  @Test
  void notKnowingIsAFailure() {
    begin();
    port.setFaults(_ -> Fault.UNKNOWN_BEFORE);
    remove();
    assertThat(failures).hasSize(1);
  }
}
