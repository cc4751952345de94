package kubeproxy.nftables.apply;

import java.io.IOException;
import java.util.List;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;

/// What the mode needs of a kernel, in one family. Used by the sync thread only.
public interface NftablesPort extends AutoCloseable {

  /// Reads back our table, but for what packets put into it.
  ///
  /// @throws IOException if it could not be read as of one moment
  Observed observe() throws IOException;

  /// Carries out a transaction, all of it or nothing.
  CommitResult commit(Transaction transaction);

  /// What packets put into a set.
  ///
  /// @throws IOException if it could not be read
  List<Element> learned(NamedSet set) throws IOException;

  /// Removes elements that packets put in; those that have gone by themselves do not matter.
  ///
  /// @throws IOException if some could not be removed
  void forget(List<Element> elements) throws IOException;

  @Override
  void close();

  /// How a commit ended.
  sealed interface CommitResult {

    /// All of it is installed.
    record Committed() implements CommitResult {}

    /// Nothing of it is installed.
    ///
    /// @param errors at least one
    record Refused(List<RefusedOperation> errors) implements CommitResult {
      public Refused {
        errors = List.copyOf(errors);
      }
    }

    /// It is not known whether it is installed.
    record Unknown(String reason) implements CommitResult {}
  }

  /// An operation that the kernel refused.
  ///
  /// @param error symbolic name, as `EEXIST`
  /// @param beliefWrong whether the error says that the table is not what we believed it to be, as
  ///     an element that is not there
  /// @param detail the kernel's own explanation, or empty
  record RefusedOperation(Operation operation, String error, boolean beliefWrong, String detail) {}
}
