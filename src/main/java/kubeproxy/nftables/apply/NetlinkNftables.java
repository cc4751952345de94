package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.nfnetlink.CommitOutcome;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkBatch;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import org.jspecify.annotations.Nullable;

/// The kernel of the network namespace in which the session was opened.
public final class NetlinkNftables implements NftablesPort {
  /// `ENFILE` is a full set: sets are made large enough, so others have put something in.
  private static final Set<Integer> BELIEF_WRONG =
      Set.of(
          Errno.ENOENT.number(),
          Errno.EEXIST.number(),
          Errno.EBUSY.number(),
          Errno.ENFILE.number(),
          Errno.ERESTART.number());

  /// Elements that the kernel may drop by itself meanwhile are removed in pieces of this many, and
  /// one by one where a piece was refused.
  private static final int FORGET_AT_ONCE = 500;

  /// From this many operations on, notifications are worth switching off.
  private static final int MANY_OPERATIONS = 1000;

  private final NfnetlinkSession session;
  private final MessageWriter out = new MessageWriter();
  private final NfnetlinkBatch batch = new NfnetlinkBatch(out, Nfnetlink.NFNL_SUBSYS_NFTABLES);
  private final IpFamily family;
  private final TableReader reader;
  private @Nullable TableWatch watch;

  /// @param session shared by the families, so that notifications name one sender; whoever opened
  ///     it closes it
  public NetlinkNftables(NfnetlinkSession session, IpFamily family) {
    this.session = session;
    this.family = family;
    this.reader = new TableReader(session, out, family);
  }

  /// Opens a session in the network namespace of the calling thread.
  public static NfnetlinkSession openSession() throws KernelException {
    return NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_NFTABLES);
  }

  /// Names the watch of this session, which is spared the notifications of large transactions.
  public NetlinkNftables watchedBy(TableWatch sessionWatch) {
    watch = sessionWatch;
    return this;
  }

  @Override
  public Observed observe() throws IOException {
    return reader.read();
  }

  @Override
  public CommitResult commit(Transaction transaction) {
    try {
      TableWatch watching = watch;
      return watching == null || transaction.operations().size() < MANY_OPERATIONS
          ? send(transaction)
          : sendUnheard(transaction, watching);
    } catch (IOException e) {
      return new CommitResult.Unknown(e.toString());
    }
  }

  /// Commits while nobody listens, and finds out by the generation of the rule set, which grows
  /// with
  /// every commit of anybody, whether something was missed.
  private CommitResult sendUnheard(Transaction transaction, TableWatch watching)
      throws IOException {
    int before = reader.generation();
    watching.pause();
    CommitResult result;
    try {
      result = send(transaction);
    } finally {
      watching.resume();
    }
    int own = result instanceof CommitResult.Committed ? 1 : 0;
    if (reader.generation() != before + own) {
      watching.missed();
    }
    return result;
  }

  /// Has the kernel check a transaction without carrying it out; [CommitResult.Committed] says that
  /// it would.
  CommitResult check(Transaction transaction) {
    try {
      BatchIndex index = write(transaction);
      return result(session.check(batch), index);
    } catch (IOException e) {
      return new CommitResult.Unknown(e.toString());
    }
  }

  private CommitResult send(Transaction transaction) throws IOException {
    BatchIndex index = write(transaction);
    return result(session.commit(batch), index);
  }

  private BatchIndex write(Transaction transaction) {
    batch.begin(session.nextSequence());
    return new BatchWriter(batch, out, family).write(transaction);
  }

  private static CommitResult result(CommitOutcome outcome, BatchIndex index) {
    return switch (outcome) {
      case CommitOutcome.Committed() -> new CommitResult.Committed();
      case CommitOutcome.Unknown(String reason) -> new CommitResult.Unknown(reason);
      case CommitOutcome.Refused(List<NetlinkError> errors) ->
          new CommitResult.Refused(errors.stream().map(error -> refused(error, index)).toList());
    };
  }

  private static RefusedOperation refused(NetlinkError error, BatchIndex index) {
    return new RefusedOperation(
        index.refused(error.sequence(), error.attributeOffset()),
        error.name(),
        BELIEF_WRONG.contains(error.errno()),
        error.message());
  }

  @Override
  public List<Element> learned(NamedSet set) throws IOException {
    return reader.readElements(set);
  }

  @Override
  public void forget(List<Element> elements) throws IOException {
    for (int from = 0; from < elements.size(); from += FORGET_AT_ONCE) {
      List<Element> piece =
          elements.subList(from, Math.min(elements.size(), from + FORGET_AT_ONCE));
      if (!removed(piece)) {
        for (Element element : piece) {
          removed(List.of(element));
        }
      }
    }
  }

  /// Whether the elements are gone. A single one that cannot be found has gone by itself.
  private boolean removed(List<Element> elements) throws IOException {
    List<Operation> removals =
        elements.stream()
            .<Operation>map(element -> new Operation.RemoveElement(null, element))
            .toList();
    return switch (commit(new Transaction(family, removals))) {
      case CommitResult.Committed() -> true;
      case CommitResult.Refused(var errors) -> {
        if (errors.stream().allMatch(RefusedOperation::beliefWrong)) {
          yield false;
        }
        throw new IOException("cannot remove remembered clients: " + errors.getFirst().error());
      }
      case CommitResult.Unknown(String reason) -> throw new IOException(reason);
    };
  }

  @Override
  public void close() {
    out.close();
  }
}
