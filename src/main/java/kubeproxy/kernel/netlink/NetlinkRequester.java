package kubeproxy.kernel.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends a request and waits for its answer, told apart from late answers to earlier ones by the
/// sequence number. As the socket, used by one thread at a time.
public final class NetlinkRequester {

  /// The kernel queues its answers before a send returns; waiting longer than this is of no use even
  /// on a node without a moment to spare.
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int SEQUENCE_OFFSET = 8;
  private static final int NLMSG_MIN_TYPE = 0x10;

  private final NetlinkTransport transport;
  private final int patienceMillis;
  private final MessageReader reader = new MessageReader();
  private final Attributes attributes = new Attributes();
  private int lastSequence;

  /// @param transport stays the caller's to close
  public NetlinkRequester(NetlinkTransport transport) {
    this(transport, PATIENCE);
  }

  /// @param patience how long the kernel may stay silent
  public NetlinkRequester(NetlinkTransport transport, Duration patience) {
    this.transport = transport;
    this.patienceMillis = Math.toIntExact(patience.toMillis());
  }

  /// A sequence number for the next message. Never 0, which notifications have.
  public int nextSequence() {
    return nextSequences(1);
  }

  /// The first of `count` consecutive sequence numbers.
  public int nextSequences(int count) {
    if (lastSequence > Integer.MAX_VALUE - count) {
      lastSequence = 0;
    }
    int first = lastSequence + 1;
    lastSequence += count;
    return first;
  }

  /// Sends one request and visits its answer.
  ///
  /// @param request one message; [Netlink#NLM_F_ACK] is added, by which the end is known
  /// @throws IOException if the socket fails, an answer is malformed, or the visitor throws
  public Answer request(MessageWriter request, MessageVisitor visitor) throws IOException {
    requireSingle(request);
    request.addMessageFlags(0, Netlink.NLM_F_ACK);
    return exchange(request, visitor);
  }

  /// Sends one request that is answered with acknowledgement or error only.
  ///
  /// @param request one message; [Netlink#NLM_F_ACK] is added
  public Answer request(MessageWriter request) throws IOException {
    return request(request, _ -> {});
  }

  /// Sends one request for a dump and visits all it is answered with.
  ///
  /// @param request one message with [Netlink#NLM_F_DUMP]
  /// @throws IOException if the socket fails, an answer is malformed, or the visitor throws; the
  ///     answer is then read to its end, so that the socket stays usable
  public Answer dump(MessageWriter request, MessageVisitor visitor) throws IOException {
    requireSingle(request);
    return exchange(request, visitor);
  }

  private static void requireSingle(MessageWriter request) {
    if (request.messageCount() != 1) {
      throw new IllegalStateException(request.messageCount() + " messages are not one request");
    }
  }

  private Answer exchange(MessageWriter request, MessageVisitor visitor) throws IOException {
    ByteBuffer bytes = request.bytes();
    Exchange exchange = new Exchange(bytes.getInt(SEQUENCE_OFFSET), visitor);
    transport.send(bytes);
    while (exchange.answer == null) {
      // After an overrun everything that will ever arrive is already queued.
      switch (transport.receive(reader, exchange.overrun ? 0 : patienceMillis)) {
        case MESSAGES -> exchange.read();
        case NOTHING -> exchange.answer = new Answer.Missing("no end of the answer in time");
        case OVERRUN -> exchange.overrun = true;
      }
    }
    return exchange.result();
  }

  /// One request that waits for its answer.
  private final class Exchange {

    private final int sequence;
    private final MessageVisitor visitor;
    private @Nullable Answer answer;
    private @Nullable IOException failure;
    private boolean overrun;
    private boolean interrupted;

    Exchange(int sequence, MessageVisitor visitor) {
      this.sequence = sequence;
      this.visitor = visitor;
    }

    void read() throws IOException {
      while (answer == null && reader.next()) {
        if (reader.sequence() == sequence && reader.portId() == transport.portId()) {
          readOne();
        }
      }
    }

    private void readOne() throws IOException {
      interrupted |= reader.has(Netlink.NLM_F_DUMP_INTR);
      int type = reader.type();
      if (type == Netlink.NLMSG_ERROR) {
        end(NetlinkError.read(reader, attributes));
      } else if (type == Netlink.NLMSG_DONE) {
        boolean silent = reader.payloadLength() == 0;
        end(silent ? noError() : NetlinkError.read(reader, attributes));
      } else if (type >= NLMSG_MIN_TYPE && failure == null) {
        visit();
      }
    }

    private void visit() {
      try {
        visitor.visit(reader);
      } catch (IOException thrown) {
        failure = thrown;
      }
    }

    private NetlinkError noError() {
      return new NetlinkError(0, sequence, "", NetlinkError.NO_OFFSET);
    }

    private void end(NetlinkError error) {
      if (error.errno() != 0) {
        answer = new Answer.Refused(error);
      } else if (interrupted) {
        answer = new Answer.Interrupted();
      } else {
        answer = new Answer.Complete();
      }
    }

    Answer result() throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (overrun) {
        return new Answer.Missing("the receive queue was overrun");
      }
      return Objects.requireNonNull(answer);
    }
  }
}
