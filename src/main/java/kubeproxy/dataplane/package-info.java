/// The seam between a plan and the ways to carry it out: [kubeproxy.dataplane.Dataplane] and the
/// values that cross it. Small, typed and in-process on purpose; a mode implements it, the engine
/// calls it, and neither knows more of the other.
@NullMarked
package kubeproxy.dataplane;

import org.jspecify.annotations.NullMarked;
