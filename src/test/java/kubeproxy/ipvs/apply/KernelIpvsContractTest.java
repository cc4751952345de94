package kubeproxy.ipvs.apply;

import java.io.IOException;
import java.util.List;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;

@Tag("ipvs")
class KernelIpvsContractTest extends IpvsPortContract {

  @Override
  IpvsPort open() {
    NetworkNamespace node = NetworkNamespace.create();
    return new Inside(node, node.open(() -> KernelIpvs.open(IpFamily.IPV4)));
  }

  /// A port that is used by a thread of the namespace, as it has to be.
  private record Inside(NetworkNamespace node, KernelIpvs kernel) implements IpvsPort {

    @Override
    public Observed observe() {
      return node.open(kernel::observe);
    }

    @Override
    public List<Observed.RealServer> realServers(ServerKey key) {
      return node.open(() -> kernel.realServers(key));
    }

    @Override
    public List<Result> apply(List<Operation> operations) {
      return node.open(() -> kernel.apply(operations));
    }

    @Override
    public void close() throws IOException {
      kernel.close();
      node.close();
    }
  }
}
