/// What tests of several packages share.
@NullMarked
package kubeproxy.testing;

import org.jspecify.annotations.NullMarked;
