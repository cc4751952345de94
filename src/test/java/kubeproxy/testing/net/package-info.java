/// Real networks for tests: namespaces, a node with pods and neighbours around it, and traffic that
/// says what became of it. Needs root (or a user namespace that lends it) and the `ip` tool.
@NullMarked
package kubeproxy.testing.net;

import org.jspecify.annotations.NullMarked;
