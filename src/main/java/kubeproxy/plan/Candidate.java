package kubeproxy.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ServicePort;

/// An endpoint of one Service port, before it is decided which are used.
///
/// @param local whether it is on this node
record Candidate(Backend backend, Endpoint endpoint, boolean local) {

  /// Which of several entries for the same backend counts, best last. While an address is in two
  /// slices, one of them is the older view of the same pod, or the address has passed from a
  /// terminating pod to a new one.
  private static final Comparator<Candidate> BY_STANDING =
      Comparator.comparing((Candidate candidate) -> !candidate.endpoint.terminating())
          .thenComparing(candidate -> candidate.endpoint.ready())
          .thenComparing(candidate -> candidate.endpoint.serving())
          .thenComparing(Candidate::local);

  boolean isReady() {
    return endpoint.ready();
  }

  /// Whether it is on its way out but still takes connections, the last resort (KEP-1669).
  boolean isServingTerminating() {
    return endpoint.serving() && endpoint.terminating();
  }

  /// The slices that count for a Service in one family: those made from Endpoints objects only
  /// while there are no real ones of any family.
  static List<EndpointSlice> countingSlices(List<EndpointSlice> slices, IpFamily family) {
    boolean anyReal = false;
    for (EndpointSlice slice : slices) {
      anyReal |= !slice.legacy();
    }
    boolean legacy = !anyReal;
    return Sublists.matching(slices, slice -> slice.family() == family && slice.legacy() == legacy);
  }

  /// The endpoints of a Service port, one for each backend, sorted by backend.
  ///
  /// @param slices of one family, in a fixed order: of equal entries for one backend the first
  ///     counts
  static List<Candidate> of(ServicePort port, List<EndpointSlice> slices, OwnNode node) {
    List<Candidate> found = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      for (EndpointPort slicePort : slice.ports()) {
        if (slicePort.protocol() == port.protocol() && slicePort.name().equals(port.name())) {
          collect(slice, slicePort.port(), node, found);
        }
      }
    }
    found.sort((left, right) -> left.backend.compareTo(right.backend));
    return withoutDuplicates(found);
  }

  private static void collect(EndpointSlice slice, int port, OwnNode node, List<Candidate> found) {
    for (Endpoint endpoint : slice.endpoints()) {
      if (endpoint.address().family() == slice.family()) {
        found.add(
            new Candidate(
                new Backend(endpoint.address(), port), endpoint, node.hosts(endpoint.nodeName())));
      }
    }
  }

  private static List<Candidate> withoutDuplicates(List<Candidate> sorted) {
    int size = 0;
    for (Candidate candidate : sorted) {
      if (size == 0 || !sorted.get(size - 1).backend.equals(candidate.backend)) {
        sorted.set(size++, candidate);
      } else if (BY_STANDING.compare(candidate, sorted.get(size - 1)) > 0) {
        sorted.set(size - 1, candidate);
      }
    }
    return sorted.subList(0, size);
  }
}
