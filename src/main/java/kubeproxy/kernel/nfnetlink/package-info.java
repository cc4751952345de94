/// The netfilter subsystems of netlink (`linux/netfilter/nfnetlink.h`): their common header,
/// batches that are carried out wholly or not at all, and notifications. What the messages of a
/// subsystem contain is its user's knowledge.
///
/// As a netlink socket, everything here is used by one thread at a time.
@NullMarked
package kubeproxy.kernel.nfnetlink;

import org.jspecify.annotations.NullMarked;
