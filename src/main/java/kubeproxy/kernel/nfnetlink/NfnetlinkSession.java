package kubeproxy.kernel.nfnetlink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageVisitor;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;

/// Commits batches to a netfilter subsystem and asks it for what it holds. Used by one thread at a
/// time; [#close] may come from another.
public final class NfnetlinkSession implements Closeable {

  /// Errors kept of one refused batch. More would only say the same again.
  public static final int ERROR_LIMIT = 10_000;

  private final NetlinkTransport transport;
  private final NetlinkRequester requester;
  private final int subsystem;
  private final int patienceMillis;
  private final MessageReader reader = new MessageReader();
  private final Attributes attributes = new Attributes();

  /// @param transport to netfilter; closed with this session
  /// @param subsystem `NFNL_SUBSYS_…`
  /// @param patience how long the kernel may stay silent
  public NfnetlinkSession(NetlinkTransport transport, int subsystem, Duration patience) {
    this.transport = transport;
    this.requester = new NetlinkRequester(transport, patience);
    this.subsystem = subsystem;
    this.patienceMillis = Math.toIntExact(patience.toMillis());
  }

  /// Opens a session in the network namespace of the calling thread.
  ///
  /// @param subsystem `NFNL_SUBSYS_…`
  public static NfnetlinkSession open(int subsystem) throws KernelException {
    return new NfnetlinkSession(
        NetlinkSocket.open(Netlink.NETLINK_NETFILTER), subsystem, NetlinkRequester.PATIENCE);
  }

  /// By which notifications name what this session changed.
  public int portId() {
    return transport.portId();
  }

  /// The sequence number for the next batch to begin with.
  public int nextSequence() {
    return requester.nextSequence();
  }

  /// Sends a request for one object, or any other single message, and visits what the kernel
  /// answers.
  ///
  /// @param request from [#beginRequest], ended
  public Answer request(MessageWriter request, MessageVisitor visitor) throws IOException {
    return requester.request(request, visitor);
  }

  /// Sends a request for all objects and visits them.
  ///
  /// @param request from [#beginDump], ended
  public Answer dump(MessageWriter request, MessageVisitor visitor) throws IOException {
    return requester.dump(request, visitor);
  }

  /// Starts the one message of a request; attributes and `endMessage` follow.
  ///
  /// @param writer is cleared
  /// @param message number within the subsystem
  /// @param family `NFPROTO_…`
  public MessageWriter beginRequest(MessageWriter writer, int message, int family) {
    return begin(writer, message, Netlink.NLM_F_REQUEST, family);
  }

  /// As [#beginRequest], for all objects.
  public MessageWriter beginDump(MessageWriter writer, int message, int family) {
    return begin(writer, message, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, family);
  }

  /// Sends a batch in one piece and collects what the kernel says about it. Its memory is given
  /// back afterwards as by [MessageWriter#clear].
  ///
  /// @throws IOException if the socket is closed or fails to receive: what the kernel holds is
  ///   unknown then
  public CommitOutcome commit(NfnetlinkBatch batch) throws IOException {
    return exchange(batch, NfnetlinkBatch::finish);
  }

  /// Has the kernel check a batch as [#commit] would have it carried out, and change nothing.
  ///
  /// @return [CommitOutcome.Committed] if the kernel would have carried it out
  /// @throws IOException if the socket is closed or fails to receive
  public CommitOutcome check(NfnetlinkBatch batch) throws IOException {
    return exchange(batch, NfnetlinkBatch::finishUnclosed);
  }

  private CommitOutcome exchange(NfnetlinkBatch batch, Function<NfnetlinkBatch, ByteBuffer> finish)
      throws IOException {
    try {
      ByteBuffer bytes = finish.apply(batch);
      // The opening has a number already; the messages and the end shall be this batch's alone too.
      requester.nextSequences(batch.messageCount() + 1);
      transport.send(bytes);
    } catch (KernelException failure) {
      return notSent(failure, batch);
    } finally {
      batch.release();
    }
    return new Collection(batch).collect();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private MessageWriter begin(MessageWriter writer, int message, int flags, int family) {
    writer
        .clear()
        .beginMessage(Nfnetlink.type(subsystem, message), flags, requester.nextSequence());
    return Nfnetlink.header(writer, family, 0);
  }

  private static CommitOutcome notSent(KernelException failure, NfnetlinkBatch batch) {
    if (failure.is(Errno.EINTR)) {
      return new CommitOutcome.Unknown(String.valueOf(failure.getMessage()));
    }
    return new CommitOutcome.Refused(
        List.of(
            new NetlinkError(
                failure.errno(), batch.openingSequence(), failure.call(), NetlinkError.NO_OFFSET)));
  }

  /// What the kernel says about one batch.
  private final class Collection {

    private final int first;
    private final int last;
    private final List<NetlinkError> errors = new ArrayList<>();
    private boolean ended;
    private boolean acknowledged;

    Collection(NfnetlinkBatch batch) {
      first = batch.openingSequence();
      last = first + batch.messageCount();
    }

    // Until the last message or the batch itself was answered there is reason to wait; after that,
    // and after an overrun, all that will ever arrive is already queued.
    CommitOutcome collect() throws IOException {
      boolean overrun = false;
      while (true) {
        switch (transport.receive(reader, ended || overrun ? 0 : patienceMillis)) {
          case MESSAGES -> read();
          case OVERRUN -> overrun = true;
          case NOTHING -> {
            return outcome(overrun);
          }
        }
      }
    }

    private void read() throws IOException {
      while (reader.next()) {
        boolean ours = reader.portId() == transport.portId();
        int index = reader.sequence() - first;
        boolean ofBatch = index >= 0 && index <= last - first + 1;
        if (ours && ofBatch && reader.type() == Netlink.NLMSG_ERROR) {
          note(NetlinkError.read(reader, attributes));
        }
      }
    }

    private void note(NetlinkError error) {
      boolean ofLast = error.sequence() == last;
      ended |= ofLast || error.sequence() == first;
      if (error.errno() == 0) {
        acknowledged |= ofLast;
      } else if (errors.size() < ERROR_LIMIT) {
        errors.add(error);
      }
    }

    private CommitOutcome outcome(boolean overrun) {
      if (!errors.isEmpty()) {
        return new CommitOutcome.Refused(errors);
      }
      if (overrun) {
        return new CommitOutcome.Unknown("the receive queue was overrun");
      }
      if (acknowledged) {
        return new CommitOutcome.Committed();
      }
      return new CommitOutcome.Unknown("no acknowledgement in time");
    }
  }
}
