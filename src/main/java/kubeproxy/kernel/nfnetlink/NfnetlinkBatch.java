package kubeproxy.kernel.nfnetlink;

import java.nio.ByteBuffer;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;

/// Messages that the kernel carries out all together or not at all.
///
/// ```java
/// batch.begin(firstSequence);
/// batch.beginMessage(NFT_MSG_NEWTABLE, NLM_F_CREATE, NFPROTO_INET).putString(…);
/// batch.endMessage();
/// outcome = session.commit(batch);
/// ```
///
/// The messages have consecutive sequence numbers, by which errors name them: `begin`'s is the
/// first. Only the last message asks for an acknowledgement; the kernel queues errors in the order
/// of the messages, so that acknowledgement says that nothing more follows.
public final class NfnetlinkBatch {

  /// The generation of a ruleset does not matter.
  private static final int ANY_GENERATION = 0;

  private static final int NOTHING = -1;

  private final MessageWriter writer;
  private final int subsystem;
  private int firstSequence;
  private int nextSequence;
  private int lastMessage = NOTHING;
  private boolean begun;

  /// @param writer is written from its start; belongs to this batch from [#begin] to the end of its
  ///   commit
  /// @param subsystem `NFNL_SUBSYS_…`
  public NfnetlinkBatch(MessageWriter writer, int subsystem) {
    this.writer = writer;
    this.subsystem = subsystem;
  }

  /// Starts anew; what the writer held is forgotten.
  ///
  /// @param sequence number of the message that opens the batch; those of the batch's messages are
  ///   the ones after it
  public NfnetlinkBatch begin(int sequence) {
    return begin(sequence, ANY_GENERATION);
  }

  /// Starts anew, with a condition: the kernel refuses the batch with `ERESTART` if someone else
  /// changed the ruleset since.
  ///
  /// @param generation the one that `NFT_MSG_GETGEN` told
  public NfnetlinkBatch begin(int sequence, int generation) {
    writer.clear();
    firstSequence = sequence;
    nextSequence = sequence;
    lastMessage = NOTHING;
    begun = true;
    frame(Nfnetlink.NFNL_MSG_BATCH_BEGIN, nextSequence++);
    if (generation != ANY_GENERATION) {
      writer.putU32Big(Nfnetlink.NFNL_BATCH_GENID, generation);
    }
    writer.endMessage();
    return this;
  }

  /// Starts a message of the subsystem. Its attributes are written to the returned writer, then
  /// comes [#endMessage].
  ///
  /// @param message number within the subsystem
  /// @param flags `NLM_F_…`; [Netlink#NLM_F_REQUEST] is added
  /// @param family `NFPROTO_…`
  public MessageWriter beginMessage(int message, int flags, int family) {
    requireBegun();
    lastMessage = writer.position();
    writer.beginMessage(
        Nfnetlink.type(subsystem, message), flags | Netlink.NLM_F_REQUEST, nextSequence++);
    return Nfnetlink.header(writer, family, 0);
  }

  /// Ends the message.
  public NfnetlinkBatch endMessage() {
    writer.endMessage();
    return this;
  }

  /// Sequence number of the latest message, or of the batch's opening if there is none yet.
  public int lastSequence() {
    return nextSequence - 1;
  }

  /// How many messages it has, without those that open and close it.
  public int messageCount() {
    return Math.max(0, nextSequence - firstSequence - 1);
  }

  /// Bytes so far.
  public int length() {
    return writer.position();
  }

  // Sequence number of the message that opens the batch.
  int openingSequence() {
    return firstSequence;
  }

  // Closes the batch and returns its bytes.
  ByteBuffer finish() {
    requireAcknowledgement();
    frame(Nfnetlink.NFNL_MSG_BATCH_END, nextSequence);
    writer.endMessage();
    begun = false;
    return writer.bytes();
  }

  // Returns its bytes without the message that closes it, without which the kernel checks each
  // message, answers, and takes all of it back.
  ByteBuffer finishUnclosed() {
    requireAcknowledgement();
    begun = false;
    return writer.bytes();
  }

  private void requireAcknowledgement() {
    requireBegun();
    if (lastMessage == NOTHING) {
      throw new IllegalStateException("a batch without messages is never acknowledged");
    }
    writer.addMessageFlags(lastMessage, Netlink.NLM_F_ACK);
  }

  // Gives back the memory of a huge batch.
  void release() {
    writer.clear();
  }

  private void frame(int type, int sequence) {
    writer.beginMessage(type, Netlink.NLM_F_REQUEST, sequence);
    Nfnetlink.header(writer, Nfnetlink.NFPROTO_UNSPEC, subsystem);
  }

  private void requireBegun() {
    if (!begun) {
      throw new IllegalStateException("the batch was not begun");
    }
  }
}
