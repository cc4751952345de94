/// From a plan to what the relay does, and to the plan of the rules that lead packets to it.
///
/// Pure. All semantics are in the plan: which endpoints a frontend has, and who may use it. The
/// second plan is the first with a listener of the relay in the place of every pool, so that a
/// compiler of another mode carries out policies, source ranges and node ports here too.
@NullMarked
package kubeproxy.userspace.compile;

import org.jspecify.annotations.NullMarked;
