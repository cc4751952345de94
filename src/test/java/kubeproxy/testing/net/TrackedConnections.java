package kubeproxy.testing.net;

import static org.assertj.core.api.Assertions.assertThat;

import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;

/// The connection tracking of a namespace, which remembers more than tests want it to.
///
/// A connection that the server reset stays for ten seconds (`nf_conntrack_tcp_timeout_close`), and
/// a new one from the same port is taken for a part of it: it goes where the old one went, whatever
/// the rules say now. A connection that nobody translated keeps its port untranslated likewise.
public final class TrackedConnections {

  /// From linux/netfilter/nfnetlink_conntrack.h. Without a tuple it means everything.
  private static final int IPCTNL_MSG_CT_DELETE = 2;

  private TrackedConnections() {}

  /// Forgets all of them, so that whoever gets the same port again is somebody new.
  public static void forget(NetworkNamespace namespace) {
    Answer answer =
        namespace.open(() -> {
          try (var session = NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_CTNETLINK)) {
            var writer = new MessageWriter();
            session
                .beginRequest(writer, IPCTNL_MSG_CT_DELETE, Nfnetlink.NFPROTO_UNSPEC)
                .endMessage();
            return session.request(writer, _ -> {});
          }
        });
    assertThat(answer).isEqualTo(new Answer.Complete());
  }
}
