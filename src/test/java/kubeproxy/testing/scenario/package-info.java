/// Scenarios: what a cluster holds, step by step, and what must then become of packets, in text
/// files that know nothing of any mode. `src/test/resources/scenarios/README.md` describes the
/// format. Reading them needs neither root nor a network; `kubeproxy.conformance` runs them.
@NullMarked
package kubeproxy.testing.scenario;

import org.jspecify.annotations.NullMarked;
