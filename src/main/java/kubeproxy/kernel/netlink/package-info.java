/// Netlink (RFC 3549, `linux/netlink.h`) without knowledge of what the messages mean: a writer and
/// flyweight readers of messages and attributes, a socket, and request-and-answer on top of it.
///
/// Message and attribute headers are in native byte order; payloads are in whichever order their
/// subsystem chose, so every accessor that reads or writes more than a byte names it. Writer and
/// readers touch no system call. A socket, its readers and a writer belong to one thread at a time;
/// only `close` may come from another.
@NullMarked
package kubeproxy.kernel.netlink;

import org.jspecify.annotations.NullMarked;
