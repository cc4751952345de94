@NullMarked
package kubeproxy.relay;

import org.jspecify.annotations.NullMarked;
