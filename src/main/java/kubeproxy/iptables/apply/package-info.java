/// The only part of the `iptables` mode that sees the host: runs `iptables-restore` and
/// `iptables-save`, finds out which variant of them the node uses, reads from nf_tables what the
/// nft variant wrote, watches whether somebody else changes what is ours, and cleans up.
///
/// The tools are run by `kubeproxy.kernel.exec` and never without a bound on their time. Netlink
/// only reads: every change is made by the tools. A data plane is used by the sync thread; a watch
/// has a thread of its own.
@NullMarked
package kubeproxy.iptables.apply;

import org.jspecify.annotations.NullMarked;
