/// Follows what an API server knows and hands it on as changes of the cluster.
///
/// [kubeproxy.apiwatch.ClusterSource] is the way in: it runs one [kubeproxy.apiwatch.ResourceWatch]
/// per kind, each on a thread of its own, which gets the initial state, watches from there, resumes
/// what ends and lists again what cannot be resumed.
///
/// Invariants:
/// - What was handed on is, after every quiet moment, what the server holds. Deltas are the way
///   there, not a log of events: states in between may be missing.
/// - Of an object only its version is kept here, never the object.
/// - Nothing is handed on twice at the same version.
/// - A server that is away, refuses us or speaks nonsense changes nothing: the last state stays,
///   and attempts go on for ever.
///
/// Not here: connections, credentials, the rate limit, decoding, and what the objects mean.
@NullMarked
package kubeproxy.apiwatch;

import org.jspecify.annotations.NullMarked;
