package kubeproxy.ipvs.apply;

import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("ipvs")
class KernelIpvsContractTest extends IpvsPortContract {
  private final NetworkNamespace node = NetworkNamespace.create();

  @Override
  IpvsPort open() throws Exception {
    return node.run(() -> KernelIpvs.open(IpFamily.IPV4));
  }

  @AfterEach
  void removeNode() {
    node.close();
  }
}
