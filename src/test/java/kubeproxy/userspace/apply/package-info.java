/// Tests of what is open and which rules lead there, with a relay that relays nothing.
@NullMarked
package kubeproxy.userspace.apply;

import org.jspecify.annotations.NullMarked;
