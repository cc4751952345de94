package kubeproxy.engine;

/// What changes for one family when the configuration does, while it runs.
///
/// @param planner makes the plans from now on, starting from nothing: its first plan is of
///     everything, and only where that differs from the plan before is anything written
/// @param pacing how often to sync from now on, counted from the last sync
public record Reconfiguration(PlanSource planner, SyncPacing pacing) {}
