/// What the kernel is to hold in the `ipvs` mode, as values: virtual servers, addresses, entries of
/// ipsets. The rules of iptables are of [kubeproxy.iptables.program].
///
/// Pure. Names that others may rely on, those of sets and chains, are upstream kube-proxy's.
@NullMarked
package kubeproxy.ipvs.program;

import org.jspecify.annotations.NullMarked;
