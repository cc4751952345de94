package kubeproxy.dataplane;

import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// One operation that the kernel refused.
///
/// @param service whose operation it was, or null for one that belongs to all
/// @param operation the operation in the mode's text form
/// @param error the error's symbolic name, as `EEXIST`
/// @param detail the kernel's own explanation (extended ack), or empty
public record Refusal(@Nullable ObjectKey service, String operation, String error, String detail) {}
