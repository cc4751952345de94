package kubeproxy.logging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One thing to be written.
///
/// @param level the verbosity it needs; 0 if it is no information
/// @param pairs keys and values in turn, complete
@SuppressWarnings("ArrayRecordComponent") // Made for one line and never compared.
record LogEvent(
    Severity severity,
    int level,
    Instant time,
    CallSite caller,
    String message,
    @Nullable Throwable error,
    @Nullable Object[] pairs) {}
