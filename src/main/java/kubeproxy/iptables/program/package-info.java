/// What the `iptables` mode installs, as values: rules, the chains they stand in, the names of
/// these chains, and the text of rules in the syntax of `iptables-save`, which is also what
/// `iptables-restore` reads. One text for both directions: what the tools print of a rule of ours
/// is byte for byte what we wrote, so that most of what is read back is compared without parsing
/// it.
///
/// Pure. It knows nothing of Services; that is `kubeproxy.iptables.compile`.
@NullMarked
package kubeproxy.iptables.program;

import org.jspecify.annotations.NullMarked;
