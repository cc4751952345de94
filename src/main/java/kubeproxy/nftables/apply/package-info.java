/// Carries nftables transactions to the kernel and reads back what it holds, as nf_tables netlink
/// messages, and is the `nftables` mode: [kubeproxy.nftables.apply.NftablesDataplane].
///
/// The only package of this mode that does input and output. Used by the sync thread, except for
/// [kubeproxy.nftables.apply.TableWatch], which has its own.
@NullMarked
package kubeproxy.nftables.apply;

import org.jspecify.annotations.NullMarked;
