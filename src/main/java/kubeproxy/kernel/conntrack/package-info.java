/// The kernel's connection tracking table through ctnetlink
/// (`linux/netfilter/nfnetlink_conntrack.h`): walking its UDP flows and deleting some. Which flows
/// are stale is the caller's knowledge.
///
/// Used by one thread at a time.
@NullMarked
package kubeproxy.kernel.conntrack;

import org.jspecify.annotations.NullMarked;
