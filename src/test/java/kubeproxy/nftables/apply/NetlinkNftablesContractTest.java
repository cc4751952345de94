package kubeproxy.nftables.apply;

import java.io.IOException;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("kernel")
class NetlinkNftablesContractTest extends PortContract {
  private final NetworkNamespace namespace = NetworkNamespace.create();
  private final NfnetlinkSession session = namespace.open(NetlinkNftables::openSession);

  @Override
  NftablesPort open() {
    return new NetlinkNftables(session, IpFamily.IPV4);
  }

  @AfterEach
  void close() throws IOException {
    session.close();
    namespace.close();
  }
}
