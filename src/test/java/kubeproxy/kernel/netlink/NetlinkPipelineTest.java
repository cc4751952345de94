package kubeproxy.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.testing.netlink.ScriptedTransport;
import org.junit.jupiter.api.Test;

class NetlinkPipelineTest {
  private static final int TYPE = 0x20;
  private static final Answer DONE = new Answer.Complete();

  private final ScriptedTransport kernel = new ScriptedTransport();
  private final NetlinkRequester requester = new NetlinkRequester(kernel);
  private final NetlinkPipeline pipeline = new NetlinkPipeline(kernel, requester);

  @Test
  void nothingIsSentForNothing() throws IOException {
    assertThat(pipeline.finish()).isEmpty();
    assertThat(kernel.sent()).isEmpty();
  }

  @Test
  void onlyTheLastRequestOfAPieceAsksForAnAcknowledgement() throws IOException {
    kernel.datagram(writer -> ScriptedTransport.error(writer, 0, 3));
    requests(3);
    assertThat(pipeline.finish()).containsExactly(DONE, DONE, DONE);
    assertThat(kernel.sent()).hasSize(1);
    assertThat(flags(kernel.sent().getFirst()))
        .containsExactly(
            Netlink.NLM_F_REQUEST,
            Netlink.NLM_F_REQUEST,
            Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK);
  }

  @Test
  void errorsAreToldOfTheRequestsThatTheyName() throws IOException {
    kernel
        .datagram(writer -> ScriptedTransport.error(writer, Errno.EEXIST.number(), 2))
        .datagram(writer ->
            ScriptedTransport.error(
                ScriptedTransport.error(writer, Errno.ENOENT.number(), 3), 0, 4));
    requests(4);
    assertThat(names(pipeline.finish())).containsExactly("", "EEXIST", "ENOENT", "");
  }

  @Test
  void anErrorOfTheLastRequestIsTheEnd() throws IOException {
    kernel.datagram(writer -> ScriptedTransport.error(writer, Errno.ESRCH.number(), 2));
    requests(2);
    assertThat(names(pipeline.finish())).containsExactly("", "ESRCH");
    assertThat(kernel.timeouts()).hasSize(1);
  }

  @Test
  void answersToOthersAndToEarlierRequestsDoNotCount() throws IOException {
    kernel
        .datagramTo(99, writer -> ScriptedTransport.error(writer, Errno.EPERM.number(), 1))
        .datagram(writer -> ScriptedTransport.error(writer, Errno.EPERM.number(), 77))
        .datagram(writer -> ScriptedTransport.error(writer, 0, 2));
    requests(2);
    assertThat(pipeline.finish()).containsExactly(DONE, DONE);
  }

  @Test
  void manyRequestsTravelInPiecesAndAreAnsweredInOrder() throws IOException {
    int piece = NetlinkPipeline.PIECE_REQUESTS;
    kernel
        .datagram(writer -> ScriptedTransport.error(writer, 0, piece))
        .datagram(writer -> ScriptedTransport.error(writer, Errno.EEXIST.number(), piece + 1))
        .datagram(writer -> ScriptedTransport.error(writer, 0, 2 * piece))
        .datagram(writer -> ScriptedTransport.error(writer, 0, 2 * piece + 5));
    requests(2 * piece + 5);
    List<String> names = names(pipeline.finish());
    assertThat(kernel.sent()).hasSize(3);
    assertThat(names).hasSize(2 * piece + 5);
    assertThat(names.indexOf("EEXIST")).isEqualTo(piece);
    assertThat(names.stream().filter(String::isEmpty).count()).isEqualTo(2L * piece + 4);
  }

  @Test
  void longRequestsTravelInMorePieces() throws IOException {
    int length = 40_000;
    int perPiece = NetlinkPipeline.PIECE_BYTES / length + 1;
    kernel
        .datagram(writer -> ScriptedTransport.error(writer, 0, perPiece))
        .datagram(writer -> ScriptedTransport.error(writer, 0, perPiece + 1));
    for (int i = 0; i <= perPiece; i++) {
      pipeline.beginRequest(TYPE, 0).rawZeros(length);
      pipeline.endRequest();
    }
    assertThat(pipeline.finish()).hasSize(perPiece + 1).containsOnly(DONE);
    assertThat(kernel.sent()).hasSize(2);
  }

  @Test
  void aPieceEndsWhereTheNumbersBeginAnew() throws IOException {
    requester.nextSequences(Integer.MAX_VALUE - 2);
    kernel
        .datagram(writer -> ScriptedTransport.error(writer, 0, Integer.MAX_VALUE))
        .datagram(writer -> ScriptedTransport.error(writer, Errno.EEXIST.number(), 1))
        .datagram(writer -> ScriptedTransport.error(writer, 0, 2));
    requests(4);
    assertThat(names(pipeline.finish())).containsExactly("", "", "EEXIST", "");
  }

  @Test
  void afterAnOverrunOnlyErrorsAreKnown() throws IOException {
    kernel
        .overrun()
        .datagram(writer -> ScriptedTransport.error(writer, Errno.EEXIST.number(), 1))
        .silence();
    requests(2);
    assertThat(names(pipeline.finish()))
        .containsExactly("EEXIST", "Missing[reason=the receive queue was overrun]");
    assertThat(kernel.timeouts()).containsExactly(5000, 0, 0);
  }

  @Test
  void silenceMeansThatNothingIsKnown() throws IOException {
    kernel.silence();
    requests(1);
    assertThat(names(pipeline.finish()))
        .containsExactly("Missing[reason=no acknowledgement in time]");
  }

  @Test
  void whatWasFinishedOrAbandonedIsForgotten() throws IOException {
    kernel
        .datagram(writer -> ScriptedTransport.error(writer, 0, 1))
        .datagram(writer -> ScriptedTransport.error(writer, 0, 4));
    requests(1);
    assertThat(pipeline.finish()).hasSize(1);
    requests(2);
    pipeline.abandon();
    requests(1);
    assertThat(pipeline.finish()).containsExactly(DONE);
  }

  private void requests(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      pipeline.beginRequest(TYPE, 0).putU32Native(1, i);
      pipeline.endRequest();
    }
  }

  private static List<Integer> flags(byte[] sent) throws IOException {
    List<Integer> flags = new ArrayList<>();
    MessageReader reader = new MessageReader().wrap(ByteBuffer.wrap(sent));
    while (reader.next()) {
      flags.add(reader.flags());
    }
    return flags;
  }

  private static List<String> names(List<Answer> answers) {
    return answers.stream()
        .map(answer ->
            answer instanceof Answer.Refused(NetlinkError error)
                ? error.name()
                : answer.equals(DONE) ? "" : answer.toString())
        .toList();
  }
}
