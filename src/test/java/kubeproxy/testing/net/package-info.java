/// Network namespaces for tests against the real kernel. Needs root, and `ip` of iproute2.
@NullMarked
package kubeproxy.testing.net;

import org.jspecify.annotations.NullMarked;
