package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class NetlinkNftablesContractTest extends PortContract {
  private final NetworkNamespace namespace = NetworkNamespace.create();
  private final NfnetlinkSession session = namespace.open(NetlinkNftables::openSession);

  @Override
  NftablesPort open() {
    return new NetlinkNftables(session, IpFamily.IPV4);
  }

  @Test
  void checkingTellsWhatWouldBecomeOfItAndChangesNothing() throws IOException {
    NetlinkNftables kernel = new NetlinkNftables(session, IpFamily.IPV4);
    assertThat(kernel.check(transaction(new Operation.AddTable())))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.observe().exists()).isFalse();
    assertThat(kernel.check(transaction(new Operation.DeleteTable())))
        .isInstanceOf(CommitResult.Refused.class);
    assertThat(kernel.commit(transaction(new Operation.AddTable())))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.check(transaction(new Operation.DeleteTable())))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.observe().exists()).isTrue();
  }

  private static Transaction transaction(Operation operation) {
    return new Transaction(IpFamily.IPV4, List.of(operation));
  }

  @AfterEach
  void close() throws IOException {
    session.close();
    namespace.close();
  }
}
