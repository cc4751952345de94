/// From a plan to virtual servers, addresses, entries of ipsets, and to the rules that look into
/// those sets. Rules depend on the node's settings and never on Services.
///
/// Pure. All semantics are in the plan; here they only get names.
@NullMarked
package kubeproxy.ipvs.compile;

import org.jspecify.annotations.NullMarked;
