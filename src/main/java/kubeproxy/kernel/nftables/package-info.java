/// The nf_tables subsystem of netlink (`linux/netfilter/nf_tables.h`), as far as modes that use it
/// share it: its numbers, and who listens to its notifications. What is in tables is the modes'
/// knowledge.
@NullMarked
package kubeproxy.kernel.nftables;

import org.jspecify.annotations.NullMarked;
