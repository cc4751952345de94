/// From what is installed, or was observed, to what is desired: changes in an order in which
/// clients notice least, and the input for `iptables-restore` that makes the rules what they should
/// be.
///
/// Pure. What the kernel knows of connections is looked at and never changed.
@NullMarked
package kubeproxy.ipvs.diff;

import org.jspecify.annotations.NullMarked;
