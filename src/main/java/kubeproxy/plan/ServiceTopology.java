package kubeproxy.plan;

import java.util.List;
import java.util.Optional;
import kubeproxy.model.Label;

/// Which endpoints are near enough by `spec.topologyKeys`, as releases from 1.17 to 1.21 had it
/// (KEP-536).
final class ServiceTopology {
  private static final String ANY = "*";

  private ServiceTopology() {}

  /// The endpoints that agree with our Node in the value of a label: of the first key for which
  /// there are any. No key, or the key `*`, takes all; if no key helps, there is no endpoint.
  /// Endpoints that could not be used anyway do not count.
  ///
  /// @param keys names of labels, in order
  static List<Candidate> near(List<String> keys, List<Candidate> candidates, OwnNode node) {
    if (keys.isEmpty()) {
      return candidates;
    }
    List<Candidate> ready = Sublists.matching(candidates, Candidate::isReady);
    List<Candidate> usable =
        ready.isEmpty() ? Sublists.matching(candidates, Candidate::isServingTerminating) : ready;
    for (String key : keys) {
      List<Candidate> near = key.equals(ANY) ? usable : agreeing(key, usable, node);
      if (!near.isEmpty()) {
        return near;
      }
    }
    return List.of();
  }

  private static List<Candidate> agreeing(String key, List<Candidate> usable, OwnNode node) {
    Optional<String> own = Label.find(node.labels(), key);
    return own.isEmpty()
        ? List.of()
        : Sublists.matching(usable, candidate -> own.equals(value(key, candidate)));
  }

  private static Optional<String> value(String key, Candidate candidate) {
    return key.equals(Label.HOSTNAME)
        ? Optional.ofNullable(candidate.endpoint().nodeName())
        : Label.find(candidate.endpoint().topology(), key);
  }
}
