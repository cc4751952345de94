/// Benchmarks: what `./bench` runs.
@NullMarked
package kubeproxy.bench;

import org.jspecify.annotations.NullMarked;
