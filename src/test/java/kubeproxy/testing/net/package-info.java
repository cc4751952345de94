<<<<<<< HEAD
/// Network namespaces for tests against the real kernel. Needs root, and `ip` of iproute2.
=======
/// Real networks for tests: namespaces, a node with pods and neighbours around it, and traffic that
/// says what became of it. Needs root (or a user namespace that lends it) and the `ip` tool.
>>>>>>> conformance
@NullMarked
package kubeproxy.testing.net;

import org.jspecify.annotations.NullMarked;
