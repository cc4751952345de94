/// From what is installed, or was read back, to what is desired: an input for `iptables-restore`.
///
/// Nothing compiled is kept: what is installed of a Service is known by its plan and compiled again
/// when it changes. An input is bytes, with an index that tells whose a line is.
///
/// Pure. What packets put into the kernel (remembered clients, counters) is never part of it.
@NullMarked
package kubeproxy.iptables.diff;

import org.jspecify.annotations.NullMarked;
