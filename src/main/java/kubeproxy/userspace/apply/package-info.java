/// The userspace mode's hands: opens and closes listeners of the relay, and has another mode's data
/// plane write the rules that lead to them.
///
/// Used by the sync thread, apart from what says otherwise. Invariant: a listener is open before a
/// rule leads to it, and closes after the last one has gone.
@NullMarked
package kubeproxy.userspace.apply;

import org.jspecify.annotations.NullMarked;
