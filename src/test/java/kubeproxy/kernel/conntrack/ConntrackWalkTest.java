package kubeproxy.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.netlink.ScriptedTransport;
import org.junit.jupiter.api.Test;

/// Walks that do not go as one wishes, without a kernel.
final class ConntrackWalkTest {

  private static final int TCP = 6;
  private static final int UDP = 17;

  private final ScriptedTransport transport = new ScriptedTransport();
  private final List<Integer> ports = new ArrayList<>();

  @Test
  void anInterruptedWalkIsBegunAgain() throws Exception {
    transport.datagram(w -> end(flow(w, 1, UDP, 53, 0), 1, Netlink.NLM_F_DUMP_INTR));
    transport.datagram(w -> end(flow(w, 2, UDP, 54, 0), 2, 0));
    assertThat(walk()).isEqualTo(new Answer.Complete());
    assertThat(ports).containsExactly(53, 54);
  }

  @Test
  void aWalkThatIsAlwaysInterruptedEndsWithWhatWasSeen() throws Exception {
    for (int i = 1; i <= ConntrackTable.ATTEMPTS; i++) {
      int sequence = i;
      transport.datagram(
          w -> end(flow(w, sequence, UDP, 53, Netlink.NLM_F_DUMP_INTR), sequence, 0));
    }
    assertThat(walk()).isEqualTo(new Answer.Interrupted());
    assertThat(transport.sent()).hasSize(ConntrackTable.ATTEMPTS);
    assertThat(ports).containsOnly(53).hasSize(ConntrackTable.ATTEMPTS);
  }

  @Test
  void whatAnOldKernelDidNotFilterIsLeftOut() throws Exception {
    transport.datagram(w -> end(flow(flow(w, 1, TCP, 80, 0), 1, UDP, 53, 0), 1, 0));
    assertThat(walk()).isEqualTo(new Answer.Complete());
    assertThat(ports).containsExactly(53);
  }

  @Test
  void silenceIsNoAnswer() throws Exception {
    transport.silence();
    assertThat(walk()).isInstanceOf(Answer.Missing.class);
  }

  private Answer walk() throws IOException {
    NfnetlinkSession session =
        new NfnetlinkSession(transport, Nfnetlink.NFNL_SUBSYS_CTNETLINK, Duration.ofSeconds(1));
    return new ConntrackTable(session)
        .forEachUdp(IpFamily.IPV4, flow -> ports.add(flow.original().destinationPort()));
  }

  private static MessageWriter flow(
      MessageWriter writer, int sequence, int protocol, int port, int flags) {
    writer.beginMessage(
        Nfnetlink.type(Nfnetlink.NFNL_SUBSYS_CTNETLINK, 0), Netlink.NLM_F_MULTI | flags, sequence);
    return Nfnetlink.header(writer, Nfnetlink.NFPROTO_IPV4, 0)
        .beginNested(Ctnetlink.CTA_TUPLE_ORIG)
        .beginNested(Ctnetlink.CTA_TUPLE_PROTO)
        .putU8(Ctnetlink.CTA_PROTO_NUM, protocol)
        .putU16Big(Ctnetlink.CTA_PROTO_DST_PORT, port)
        .endNested()
        .endNested()
        .endMessage();
  }

  private static MessageWriter end(MessageWriter writer, int sequence, int flags) {
    return writer
        .beginMessage(Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI | flags, sequence)
        .rawU32Native(0)
        .endMessage();
  }
}
