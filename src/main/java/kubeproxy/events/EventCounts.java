package kubeproxy.events;

/// What became of the events so far.
///
/// @param written created or counted at the API server
/// @param heldBack not written because of the rate limits
/// @param dropped not written because too many were waiting
/// @param failed not written because the server refused them or was not there for long
public record EventCounts(long written, long heldBack, long dropped, long failed) {}
