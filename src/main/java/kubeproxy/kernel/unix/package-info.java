/// Unix sockets with abstract names (unix(7)), which exist in a network namespace and not in the
/// file system: processes in different containers on the network of the host meet there.
@NullMarked
package kubeproxy.kernel.unix;

import org.jspecify.annotations.NullMarked;
