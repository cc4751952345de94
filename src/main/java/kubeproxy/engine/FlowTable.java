package kubeproxy.engine;

import java.util.function.Consumer;
import kubeproxy.model.IpFamily;

/// The kernel's table of tracked flows. Used by the thread of the [FlowCleaner] only.
///
/// @param <F> a flow of this table
public interface FlowTable<F extends Flow> {

  /// How a listing ended.
  sealed interface Listing {

    /// Every flow that existed all along was listed.
    record Complete() implements Listing {}

    /// The table changed too much meanwhile; some flows may be missing.
    record Interrupted() implements Listing {}

    /// The kernel refused.
    ///
    /// @param reason why, for people
    record Failed(String reason) implements Listing {}
  }

  /// What became of a flow to be deleted.
  enum Deletion {
    DELETED,
    /// It had ended by itself.
    ABSENT,
    FAILED
  }

  /// Gives every UDP flow of a family to `action`.
  Listing forEachUdp(IpFamily family, Consumer<? super F> action);

  /// Deletes exactly this flow.
  Deletion delete(F flow);
}
