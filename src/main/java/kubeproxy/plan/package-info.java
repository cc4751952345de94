/// All Kubernetes Service semantics, once: a function of the cluster, the facts of this node and
/// the configuration to a [kubeproxy.plan.NodePlan], which says for every address and port that
/// this node answers for what becomes of a packet.
///
/// Pure, and it never throws on user data: what cannot be carried out becomes a
/// [kubeproxy.model.Problem] beside the plan. It knows nothing of rules, maps or kernels.
@NullMarked
package kubeproxy.plan;

import org.jspecify.annotations.NullMarked;
