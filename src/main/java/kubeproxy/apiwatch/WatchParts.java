package kubeproxy.apiwatch;

import java.util.function.LongSupplier;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apidecode.ApiInterner;
import kubeproxy.logging.Logger;

/// What the watches of all kinds share.
///
/// @param accept the `Accept` header of their requests
/// @param streamInitialState whether to try streaming lists (KEP-3157)
/// @param nanoTime a monotonic clock in nanoseconds
record WatchParts(
    ApiTransport transport,
    String accept,
    boolean streamInitialState,
    ApiInterner interner,
    WatchPacing pacing,
    LongSupplier nanoTime,
    Logger log) {}
