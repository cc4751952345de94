/// From a plan to chains and rules: the same that upstream kube-proxy would install. One Service's
/// share of the dispatch chains and its own chains never overlap with another's, so each Service is
/// compiled alone, and again whenever what is installed of it has to be known: nothing compiled is
/// kept.
///
/// Pure. All semantics are in the plan; here they only get names.
@NullMarked
package kubeproxy.iptables.compile;

import org.jspecify.annotations.NullMarked;
