/// What tests of every package share. Nothing here depends on a package under test.
@NullMarked
package kubeproxy.testing;

import org.jspecify.annotations.NullMarked;
