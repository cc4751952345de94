/// The kernel's virtual servers (IPVS) through generic netlink (`linux/ip_vs.h`): reading them with
/// their destinations, changing them, its timeouts, and which schedulers there are. What should be
/// there is the caller's knowledge.
///
/// Used by one thread at a time.
@NullMarked
package kubeproxy.kernel.ipvs;

import org.jspecify.annotations.NullMarked;
