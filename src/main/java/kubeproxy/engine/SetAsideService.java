package kubeproxy.engine;

import kubeproxy.dataplane.Refusal;
import kubeproxy.model.ObjectKey;

/// A Service whose change the kernel refused, so that it stays as it was installed before.
///
/// @param refusal the last refusal
/// @param refusals how often it was refused since it last was installed as wanted, from 1
/// @param retryNanos time from this refusal to the next try, in nanoseconds; a change of the
///   Service comes first
public record SetAsideService(ObjectKey service, Refusal refusal, int refusals, long retryNanos) {}
