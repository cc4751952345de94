package kubeproxy.kernel.netlink;

import static kubeproxy.testing.netlink.ScriptedTransport.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.testing.netlink.ScriptedTransport;
import org.junit.jupiter.api.Test;

/// Answers to the request with number 1.
final class NetlinkRequesterTest {

  private static final int EBUSY = 16;

  private final ScriptedTransport transport = new ScriptedTransport();
  private final NetlinkRequester requester = new NetlinkRequester(transport, Duration.ofSeconds(1));
  private final List<Integer> visited = new ArrayList<>();

  @Test
  void aRequestEndsWithItsAcknowledgement() throws Exception {
    transport
        .datagram(w -> w.beginMessage(100, 0, 1).endMessage())
        .datagram(w -> error(w, 0, 1))
        .datagram(w -> error(w, EBUSY, 1));
    assertThat(requester.request(request(0), this::visit)).isEqualTo(new Answer.Complete());
    assertThat(visited).containsExactly(100);
    // The flag that asks for the acknowledgement was added.
    assertThat(transport.sent().getFirst()[6]).isEqualTo((byte) 5);
  }

  @Test
  void anErrorCarriesTheExplanationOfTheKernel() throws Exception {
    transport.datagram(w ->
        w.beginMessage(Netlink.NLMSG_ERROR, Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS, 1)
            .rawU32Native(-EBUSY)
            .rawZeros(Netlink.NLMSG_HDRLEN)
            .putString(1, "busy here")
            .putU32Native(2, 24)
            .endMessage());
    assertThat(requester.request(request(0)))
        .isEqualTo(new Answer.Refused(new NetlinkError(EBUSY, 1, "busy here", 24)))
        .hasToString(
            "Refused[error=EBUSY (device or resource busy): busy here,"
                + " attribute at offset 24, message 1]");
  }

  @Test
  void theExplanationIsBehindAMessageThatIsReturnedWhole() throws Exception {
    transport.datagram(w ->
        w.beginMessage(Netlink.NLMSG_ERROR, Netlink.NLM_F_ACK_TLVS, 1)
            .rawU32Native(-EBUSY)
            .rawU32Native(Netlink.NLMSG_HDRLEN + 4)
            .rawZeros(Netlink.NLMSG_HDRLEN - 4 + 4)
            .putString(1, "busy here")
            .endMessage());
    assertThat(requester.request(request(0)))
        .isEqualTo(
            new Answer.Refused(new NetlinkError(EBUSY, 1, "busy here", NetlinkError.NO_OFFSET)));
  }

  @Test
  void aDumpEndsWithDoneAndItsError() throws Exception {
    transport.datagram(w -> part(part(w, 100), 101)).datagram(w -> done(part(w, 102), -EBUSY));
    assertThat(requester.dump(request(Netlink.NLM_F_DUMP), this::visit))
        .isEqualTo(new Answer.Refused(new NetlinkError(EBUSY, 1, "", NetlinkError.NO_OFFSET)));
    assertThat(visited).containsExactly(100, 101, 102);
  }

  @Test
  void messagesOfOthersAreNotVisited() throws Exception {
    transport
        .datagram(w -> w.beginMessage(100, 0, 7).endMessage())
        .datagramTo(1, w -> part(w, 101))
        .datagram(w -> done(w, 0));
    assertThat(requester.dump(request(Netlink.NLM_F_DUMP), this::visit))
        .isEqualTo(new Answer.Complete());
    assertThat(visited).isEmpty();
  }

  @Test
  void afterAnOverrunTheRestIsReadButNotTrusted() throws Exception {
    transport.datagram(w -> part(w, 100)).overrun().datagram(w -> done(w, 0));
    assertThat(requester.dump(request(Netlink.NLM_F_DUMP), this::visit))
        .isInstanceOf(Answer.Missing.class);
    assertThat(transport.timeouts()).containsExactly(1000, 1000, 0);
  }

  @Test
  void whatTheVisitorThrowsEndsTheDumpAfterItsLastMessage() throws Exception {
    transport.datagram(w -> part(part(w, 100), 101)).datagram(w -> done(w, 0));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            requester.dump(
                request(Netlink.NLM_F_DUMP),
                message -> {
                  visit(message);
                  throw new IOException("enough");
                }))
        .withMessage("enough");
    assertThat(visited).containsExactly(100);
    assertThat(transport.timeouts()).hasSize(2);
  }

  @Test
  void sequenceNumbersAreNeverZeroOrNegative() {
    assertThat(requester.nextSequences(Integer.MAX_VALUE - 1)).isEqualTo(1);
    assertThat(requester.nextSequence()).isEqualTo(Integer.MAX_VALUE);
    assertThat(requester.nextSequence()).isEqualTo(1);
  }

  private void visit(MessageReader message) {
    visited.add(message.type());
  }

  private MessageWriter request(int flags) {
    return new MessageWriter()
        .beginMessage(99, Netlink.NLM_F_REQUEST | flags, requester.nextSequence())
        .endMessage();
  }

  private static MessageWriter part(MessageWriter writer, int type) {
    return writer.beginMessage(type, Netlink.NLM_F_MULTI, 1).endMessage();
  }

  private static MessageWriter done(MessageWriter writer, int result) {
    return writer
        .beginMessage(Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI, 1)
        .rawU32Native(result)
        .endMessage();
  }
}
