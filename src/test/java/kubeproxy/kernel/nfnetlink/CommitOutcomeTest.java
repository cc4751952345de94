package kubeproxy.kernel.nfnetlink;

import static kubeproxy.testing.netlink.ScriptedTransport.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.nfnetlink.CommitOutcome.Committed;
import kubeproxy.kernel.nfnetlink.CommitOutcome.Refused;
import kubeproxy.kernel.nfnetlink.CommitOutcome.Unknown;
import kubeproxy.testing.netlink.ScriptedTransport;
import org.junit.jupiter.api.Test;

/// What the answers to a batch of two messages mean. Its opening has number 1, the messages 2 and
/// 3.
final class CommitOutcomeTest {

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int ENOMEM = 12;

  private final ScriptedTransport transport = new ScriptedTransport();

  @Test
  void theBytesAreAFramedBatchWhoseLastMessageAsksForAnAnswer() throws Exception {
    commit();
    assertThat(transport.sent()).hasSize(1);
    assertThat(HexFormat.of().formatHex(transport.sent().getFirst()))
        .isEqualTo(
            ("14000000 1000 0100 01000000 00000000 0000000a"
                    + "1c000000 000a 0104 02000000 00000000 01000000 08000100 00000061"
                    + "1c000000 000a 0504 03000000 00000000 01000000 08000100 00000062"
                    + "14000000 1100 0100 04000000 00000000 0000000a")
                .replace(" ", ""));
  }

  @Test
  void theAcknowledgementOfTheLastMessageMeansCommitted() throws Exception {
    transport.datagram(w -> error(w, 0, 3));
    assertThat(commit()).isEqualTo(new Committed());
    // One look more, without waiting, for errors behind it.
    assertThat(transport.timeouts()).containsExactly(1000, 0);
  }

  @Test
  void anErrorBeforeTheAcknowledgementMeansRefused() throws Exception {
    transport.datagram(w -> error(w, ENOENT, 2)).datagram(w -> error(w, 0, 3));
    assertThat(commit()).isEqualTo(refused(ENOENT, 2));
  }

  @Test
  void anErrorOfTheBatchBeforeTheAcknowledgementMeansRefused() throws Exception {
    transport.datagram(w -> error(w, ENOMEM, 1)).datagram(w -> error(w, 0, 3));
    assertThat(commit()).isEqualTo(refused(ENOMEM, 1));
  }

  @Test
  void anErrorOfTheBatchAloneEndsTheWait() throws Exception {
    transport.datagram(w -> error(w, EPERM, 1));
    assertThat(commit()).isEqualTo(refused(EPERM, 1));
    assertThat(transport.timeouts()).containsExactly(1000, 0);
  }

  @Test
  void lateAnswersToSomethingElseAreNoAnswer() throws Exception {
    transport
        .datagram(w -> error(w, ENOENT, 17))
        .datagramTo(1, w -> error(w, 0, 3))
        .datagram(w -> w.beginMessage(16, 0, 3).endMessage());
    assertThat(commit()).isInstanceOf(Unknown.class);
  }

  @Test
  void silenceMeansUnknown() throws Exception {
    transport.silence();
    assertThat(commit()).isInstanceOf(Unknown.class);
  }

  @Test
  void lostMessagesMeanUnknownEvenWithAnAcknowledgement() throws Exception {
    transport.overrun().datagram(w -> error(w, 0, 3));
    assertThat(commit()).isInstanceOf(Unknown.class);
    assertThat(transport.timeouts()).containsExactly(1000, 0, 0);
  }

  @Test
  void lostMessagesAndAnErrorMeanRefused() throws Exception {
    transport.overrun().datagram(w -> error(w, ENOENT, 2));
    assertThat(commit()).isEqualTo(refused(ENOENT, 2));
  }

  @Test
  void anEmptyBatchIsAMistake() {
    NfnetlinkBatch batch =
        new NfnetlinkBatch(new MessageWriter(), Nfnetlink.NFNL_SUBSYS_NFTABLES).begin(1);
    assertThatIllegalStateException().isThrownBy(() -> session().commit(batch));
  }

  private static Refused refused(int errno, int sequence) {
    return new Refused(List.of(new NetlinkError(errno, sequence, "", NetlinkError.NO_OFFSET)));
  }

  private NfnetlinkSession session() {
    return new NfnetlinkSession(transport, Nfnetlink.NFNL_SUBSYS_NFTABLES, Duration.ofSeconds(1));
  }

  private CommitOutcome commit() throws IOException {
    NfnetlinkSession session = session();
    NfnetlinkBatch batch =
        new NfnetlinkBatch(new MessageWriter(), Nfnetlink.NFNL_SUBSYS_NFTABLES)
            .begin(session.nextSequence());
    batch
        .beginMessage(0, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putU32Big(1, 'a')
        .endMessage();
    batch
        .beginMessage(0, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putU32Big(1, 'b')
        .endMessage();
    return session.commit(batch);
  }
}
