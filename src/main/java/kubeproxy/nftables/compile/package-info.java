/// From a plan to an nftables program: [kubeproxy.nftables.compile.FragmentCompiler] for one
/// Service,
/// [kubeproxy.nftables.compile.ChainCompiler] for what all share.
///
/// Pure. It decides nothing about Services; that is done in `kubeproxy.plan`.
@NullMarked
package kubeproxy.nftables.compile;

import org.jspecify.annotations.NullMarked;
