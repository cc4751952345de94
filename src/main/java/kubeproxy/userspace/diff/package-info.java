/// From two parts of what the relay does to what has to be opened, changed and closed, in that
/// order.
///
/// Pure. Invariant: nothing is closed before everything that may lead to it is gone.
@NullMarked
package kubeproxy.userspace.diff;

import org.jspecify.annotations.NullMarked;
