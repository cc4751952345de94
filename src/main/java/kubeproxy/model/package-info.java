/// The objects of the Kubernetes API that decide where a packet goes, as immutable values, and the
/// cluster as this node knows it: a [kubeproxy.model.ClusterSnapshot] and the
/// [kubeproxy.model.ClusterDelta] that leads to the next one.
///
/// Pure: nothing here does input or output, reads a clock or starts a thread. It knows nothing of
/// what a node makes of these objects; that is `kubeproxy.plan`.
@NullMarked
package kubeproxy.model;

import org.jspecify.annotations.NullMarked;
