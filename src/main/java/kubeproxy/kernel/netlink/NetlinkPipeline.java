package kubeproxy.kernel.netlink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Sends many requests that are answered with success or an error only, hundreds in one piece:
///
/// ```java
/// for (…) {
///   pipeline.beginRequest(type, flags).putU32Native(…);
///   pipeline.endRequest();
/// }
/// List<Answer> answers = pipeline.finish();
/// ```
///
/// The kernel carries out each by itself, in order; one that is refused does not keep it from the
/// others. Only the last request of a piece asks for an acknowledgement: errors are sent without
/// being asked for and before it, so silence about a request means success. Thousands of requests
/// cost two system calls for each piece, and two more for each refusal.
///
/// The writer is this object's own. As the socket, used by one thread at a time, and nothing else
/// may be asked on the socket between the first `beginRequest` and `finish`.
public final class NetlinkPipeline {

  /// Requests of one piece. The errors of all of them fit into the receive queue of a
  /// [NetlinkSocket], each with the kernel's overhead for a small message.
  public static final int PIECE_REQUESTS = 2000;

  /// A piece is sent when it has become longer than this.
  public static final int PIECE_BYTES = 512 << 10;

  private static final int NOTHING = -1;

  private final NetlinkTransport transport;
  private final NetlinkRequester requester;
  private final int patienceMillis = Math.toIntExact(NetlinkRequester.PATIENCE.toMillis());
  private final MessageWriter writer = new MessageWriter();
  private final MessageReader reader = new MessageReader();
  private final Attributes attributes = new Attributes();
  private final List<Answer> answers = new ArrayList<>();
  private int lastMessage = NOTHING;
  private int firstSequence;

  /// @param transport stays the caller's to close
  /// @param requester of the same transport: it gives out the sequence numbers
  public NetlinkPipeline(NetlinkTransport transport, NetlinkRequester requester) {
    this.transport = transport;
    this.requester = requester;
  }

  /// Starts a request; its fixed header and its attributes are written to the returned writer, then
  /// comes [#endRequest].
  ///
  /// @param type `nlmsg_type`
  /// @param flags `NLM_F_…`; [Netlink#NLM_F_REQUEST] is added
  public MessageWriter beginRequest(int type, int flags) {
    lastMessage = writer.position();
    int sequence = requester.nextSequence();
    if (writer.messageCount() == 0) {
      firstSequence = sequence;
    }
    return writer.beginMessage(type, flags | Netlink.NLM_F_REQUEST, sequence);
  }

  /// Ends the request, and sends what has gathered if that is enough for a piece.
  ///
  /// @throws IOException if the socket fails: what the kernel did is unknown then
  public void endRequest() throws IOException {
    writer.endMessage();
    // A piece has consecutive numbers, which begin anew when they are used up.
    boolean numbersEnd = firstSequence + (writer.messageCount() - 1) == Integer.MAX_VALUE;
    if (writer.messageCount() >= PIECE_REQUESTS || writer.position() > PIECE_BYTES || numbersEnd) {
      exchange();
    }
  }

  /// Sends what is left and tells how each request since the last `finish` ended, in their order:
  /// [Answer.Complete], [Answer.Refused], or [Answer.Missing] if the kernel's word about it was
  /// lost.
  ///
  /// @throws IOException if the socket fails: what the kernel did is unknown then
  public List<Answer> finish() throws IOException {
    if (writer.messageCount() > 0) {
      exchange();
    }
    List<Answer> finished = List.copyOf(answers);
    answers.clear();
    return finished;
  }

  /// Forgets what was begun and not yet finished. Requests that were sent stay carried out.
  public void abandon() {
    writer.clear();
    answers.clear();
  }

  private void exchange() throws IOException {
    int count = writer.messageCount();
    writer.addMessageFlags(lastMessage, Netlink.NLM_F_ACK);
    try {
      transport.send(writer.bytes());
    } finally {
      writer.clear();
    }
    int begin = answers.size();
    answers.addAll(Collections.nCopies(count, new Answer.Complete()));
    String lost = collect(begin, count);
    if (!lost.isEmpty()) {
      Answer missing = new Answer.Missing(lost);
      for (int i = begin; i < begin + count; i++) {
        if (answers.get(i) instanceof Answer.Complete) {
          answers.set(i, missing);
        }
      }
    }
  }

  // Why the word about some of the requests is missing; empty if it is not.
  private String collect(int begin, int count) throws IOException {
    boolean ended = false;
    boolean overrun = false;
    while (!ended) {
      // After an overrun everything that will ever arrive is already queued.
      switch (transport.receive(reader, overrun ? 0 : patienceMillis)) {
        case MESSAGES -> ended = read(begin, count);
        case OVERRUN -> overrun = true;
        case NOTHING -> {
          return overrun ? "the receive queue was overrun" : "no acknowledgement in time";
        }
      }
    }
    return overrun ? "the receive queue was overrun" : "";
  }

  // Notes the errors; true if the last request was answered.
  private boolean read(int begin, int count) throws IOException {
    boolean ended = false;
    while (reader.next()) {
      int index = reader.sequence() - firstSequence;
      boolean ours = reader.portId() == transport.portId() && index >= 0 && index < count;
      if (ours && reader.type() == Netlink.NLMSG_ERROR) {
        NetlinkError error = NetlinkError.read(reader, attributes);
        if (error.errno() != 0) {
          answers.set(begin + index, new Answer.Refused(error));
        }
        ended |= index == count - 1;
      }
    }
    return ended;
  }
}
