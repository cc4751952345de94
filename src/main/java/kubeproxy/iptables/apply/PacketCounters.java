package kubeproxy.iptables.apply;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalLong;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;

/// The kernel's named counters of packets (`linux/netfilter/nfnetlink_acct.h`), in which rules with
/// `-m nfacct` count. They are of the network namespace, outlive rules and are the same for both
/// families. Any thread: questions and answers of several never mix.
public final class PacketCounters implements Closeable {
  private static final int NFNL_SUBSYS_ACCT = 7;
  private static final int NFNL_MSG_ACCT_NEW = 0;
  private static final int NFNL_MSG_ACCT_GET = 1;
  private static final int NFACCT_NAME = 1;
  private static final int NFACCT_PKTS = 2;

  private final NfnetlinkSession session;
  private final MessageWriter writer = new MessageWriter();

  /// @param session with the subsystem for counters; closed with this
  PacketCounters(NfnetlinkSession session) {
    this.session = session;
  }

  /// Those of the calling thread's network namespace.
  public static PacketCounters open() throws KernelException {
    return new PacketCounters(NfnetlinkSession.open(NFNL_SUBSYS_ACCT));
  }

  /// Makes a counter, unless it is there.
  ///
  /// @return whether it is there now; not if the kernel knows no such counters
  public synchronized boolean ensure(String name) {
    session.beginRequest(writer, NFNL_MSG_ACCT_NEW, Nfnetlink.NFPROTO_UNSPEC);
    writer.putString(NFACCT_NAME, name);
    writer.endMessage();
    try {
      return switch (session.request(writer, _ -> {})) {
        case Answer.Complete() -> true;
        case Answer.Refused(var error) -> error.is(Errno.EBUSY) || error.is(Errno.EEXIST);
        case Answer.Interrupted _, Answer.Missing _ -> false;
      };
    } catch (IOException e) {
      return false;
    }
  }

  /// How many packets were counted so far; empty if there is no such counter.
  public synchronized OptionalLong packets(String name) {
    session.beginRequest(writer, NFNL_MSG_ACCT_GET, Nfnetlink.NFPROTO_UNSPEC);
    writer.putString(NFACCT_NAME, name);
    writer.endMessage();
    long[] packets = {-1};
    try {
      Answer answer = session.request(writer, message -> packets[0] = packets(message));
      return answer instanceof Answer.Complete && packets[0] >= 0
          ? OptionalLong.of(packets[0])
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static long packets(MessageReader message) throws IOException {
    Attributes attributes = new Attributes();
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      if (attributes.type() == NFACCT_PKTS) {
        return attributes.u64Big();
      }
    }
    return -1;
  }

  @Override
  public synchronized void close() throws IOException {
    session.close();
  }
}
