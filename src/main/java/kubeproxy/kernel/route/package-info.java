/// The addresses of this node's interfaces through rtnetlink (`linux/rtnetlink.h`,
/// `linux/if_addr.h`): a listing, and a watcher that tells when it changes.
@NullMarked
package kubeproxy.kernel.route;

import org.jspecify.annotations.NullMarked;
