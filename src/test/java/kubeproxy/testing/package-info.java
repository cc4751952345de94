/// What tests have in common: golden files, cluster objects in a few words, fakes, and the network
/// of a node in namespaces.
@NullMarked
package kubeproxy.testing;

import org.jspecify.annotations.NullMarked;
