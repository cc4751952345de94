/// The kernel's sets of addresses and ports (`linux/netfilter/ipset/ip_set.h`): reading and
/// changing them. What they should hold, and which rules look into them, is the caller's knowledge.
///
/// Used by one thread at a time.
@NullMarked
package kubeproxy.kernel.ipset;

import org.jspecify.annotations.NullMarked;
