/// From what is installed, or was observed, to what is desired: an ordered
/// [kubeproxy.nftables.diff.Transaction].
///
/// Pure. What packets put into the kernel (remembered clients, counters) is never part of it.
@NullMarked
package kubeproxy.nftables.diff;

import org.jspecify.annotations.NullMarked;
