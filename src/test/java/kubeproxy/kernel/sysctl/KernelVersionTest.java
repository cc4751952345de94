package kubeproxy.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelVersionTest {

  @Test
  void readsReleases() {
    assertThat(KernelVersion.parse("6.1.0-18-amd64")).hasValue(new KernelVersion(6, 1));
    assertThat(KernelVersion.parse("5.10")).hasValue(new KernelVersion(5, 10));
    assertThat(KernelVersion.parse("6.18-rc3+")).hasValue(new KernelVersion(6, 18));
    assertThat(KernelVersion.parse("")).isEmpty();
    assertThat(KernelVersion.parse("six.one")).isEmpty();
    assertThat(KernelVersion.parse("99999.1")).isEmpty();
  }

  @Test
  void ordersByNumberAndNotByText() {
    assertThat(new KernelVersion(5, 10)).isGreaterThan(new KernelVersion(5, 9));
    assertThat(new KernelVersion(4, 20)).isLessThan(new KernelVersion(5, 0));
  }
}
