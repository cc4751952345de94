/// The loop that turns changes of the cluster into installed state, and the work that settles once
/// it is installed.
///
/// Threads: [kubeproxy.engine.SyncLoop] is one thread and owns the snapshot, the planners and the
/// data planes; [kubeproxy.engine.FlowCleaner] is another, so that looking through a million
/// connections delays no sync. Sources on any thread put into the [kubeproxy.engine.Inbox].
///
/// It names no mode and opens nothing: data planes and the table of flows are given to it, time
/// comes from a clock it is handed, and what happens is told as [kubeproxy.engine.SyncEvent].
/// Everything that decides (pacing, back-off, which flows are stale) is pure.
@NullMarked
package kubeproxy.engine;

import org.jspecify.annotations.NullMarked;
