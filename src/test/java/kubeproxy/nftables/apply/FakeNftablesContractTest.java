package kubeproxy.nftables.apply;

import kubeproxy.model.IpFamily;
import kubeproxy.testing.FakeNftables;

class FakeNftablesContractTest extends PortContract {

  @Override
  NftablesPort open() {
    return new FakeNftables(IpFamily.IPV4);
  }
}
