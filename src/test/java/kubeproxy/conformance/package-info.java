/// Every scenario through every mode, with real packets on the real kernel. A mode takes part by
/// being listed in `ConformanceModes`; what it cannot do it says there, and is then held to the
/// documented alternative.
@NullMarked
package kubeproxy.conformance;

import org.jspecify.annotations.NullMarked;
