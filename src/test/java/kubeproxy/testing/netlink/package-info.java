/// A netlink transport without a kernel.
@NullMarked
package kubeproxy.testing.netlink;

import org.jspecify.annotations.NullMarked;
