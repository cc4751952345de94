/// Tests of what the relay is to do and of the plan of the rules, for given plans.
@NullMarked
package kubeproxy.userspace.compile;

import org.jspecify.annotations.NullMarked;
