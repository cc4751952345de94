/// Every scenario through every mode, with real packets on the real kernel. A mode takes part by
/// a [ConformanceSuite] of its own; what it cannot do its [ModeUnderTest] says, and is then held to
/// the documented alternative.
@NullMarked
package kubeproxy.conformance;

import org.jspecify.annotations.NullMarked;
