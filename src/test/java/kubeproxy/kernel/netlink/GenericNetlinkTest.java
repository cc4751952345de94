package kubeproxy.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenericNetlinkTest {

  @Test
  void theControllerIsAFamilyItselfWithAFixedNumber() throws Exception {
    assertThat(GenericNetlink.familyId("nlctrl")).hasValue(0x10);
  }

  @Test
  void aFamilyThatTheKernelHasNotIsEmpty() throws Exception {
    assertThat(GenericNetlink.familyId("no-such-family")).isEmpty();
  }
}
