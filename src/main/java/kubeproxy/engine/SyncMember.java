package kubeproxy.engine;

import kubeproxy.dataplane.Dataplane;

/// What the engine needs for one family.
///
/// @param planner makes its plans, starting from nothing
/// @param dataplane carries them out; the engine closes it
public record SyncMember(PlanSource planner, Dataplane dataplane, SyncPacing pacing) {}
