package kubeproxy.ipvs.apply;

import kubeproxy.testing.FakeIpvs;

class FakeIpvsContractTest extends IpvsPortContract {

  @Override
  IpvsPort open() {
    return new FakeIpvs();
  }
}
