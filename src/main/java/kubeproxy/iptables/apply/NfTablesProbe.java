package kubeproxy.iptables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.IOException;
import java.util.List;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.nfnetlink.CommitOutcome;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkBatch;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;

/// Finds out whether the kernel has what the nft variant of the tools programs. The tools do not
/// tell: where it has not, they list tables that they would make.
final class NfTablesProbe {

  private NfTablesProbe() {}

  /// Whether there are tables of a family, for all that can be seen from the network namespace of
  /// the calling thread: true also for whoever is not allowed to ask. The kernel checks the making
  /// of a table and does not carry it out.
  static boolean hasTables(IpFamily family) {
    try (NfnetlinkSession session = NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_NFTABLES);
        MessageWriter out = new MessageWriter()) {
      NfnetlinkBatch batch = new NfnetlinkBatch(out, Nfnetlink.NFNL_SUBSYS_NFTABLES);
      batch.begin(session.nextSequence());
      batch
          .beginMessage(
              NFT_MSG_NEWTABLE, Netlink.NLM_F_CREATE, NfTablesReader.protocolNumber(family))
          .putString(NFTA_TABLE_NAME, Table.NAT.text());
      batch.endMessage();
      return !(session.check(batch) instanceof CommitOutcome.Refused(List<NetlinkError> errors)
          && errors.stream().anyMatch(error -> error.is(Errno.EOPNOTSUPP)));
    } catch (IOException e) {
      return false;
    }
  }
}
