/// Inputs and programs for measurements; nothing here is a test.
@NullMarked
package kubeproxy.bench;

import org.jspecify.annotations.NullMarked;
