/// The command line and the wiring of all other packages.
@NullMarked
package kubeproxy.app;

import org.jspecify.annotations.NullMarked;
