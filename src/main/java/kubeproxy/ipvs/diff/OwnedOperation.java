package kubeproxy.ipvs.diff;

import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// A change and the Service for which it is made.
///
/// @param owner null if it belongs to all, or to nobody any more
public record OwnedOperation(@Nullable ObjectKey owner, Operation operation) {}
