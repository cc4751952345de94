package kubeproxy.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The cluster as known at one revision.
///
/// @param revision grows by one with every change
/// @param services all Services
/// @param slices all EndpointSlices by their own key
/// @param slicesByService the same slices by the Service they belong to, sorted by their key
/// @param nodes the Nodes known; in a cluster only our own
/// @param serviceCidrs the ServiceCIDRs known
public record ClusterSnapshot(
    long revision,
    PersistentMap<ObjectKey, Service> services,
    PersistentMap<ObjectKey, EndpointSlice> slices,
    PersistentMap<ObjectKey, List<EndpointSlice>> slicesByService,
    PersistentMap<ObjectKey, Node> nodes,
    PersistentMap<ObjectKey, ServiceCidr> serviceCidrs) {

  /// Nothing known.
  public static final ClusterSnapshot EMPTY =
      new ClusterSnapshot(
          0,
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty());

  /// The next snapshot and where it differs.
  public record Step(ClusterSnapshot snapshot, ClusterChange change) {}

  /// Folds a delta in. Objects that are put but equal what is known count as no change; a delta
  /// without any change gives this same snapshot.
  public Step apply(ClusterDelta delta) {
    return new Fold(this).apply(delta);
  }

  /// The Node of that name, or null.
  public @Nullable Node node(String name) {
    return nodes.get(new ObjectKey("", name));
  }

  /// The slices of a Service, sorted by key; empty if it has none.
  public List<EndpointSlice> slicesOf(ObjectKey service) {
    List<EndpointSlice> found = slicesByService.get(service);
    return found == null ? List.of() : found;
  }

  /// One application of a delta: collects the changed entries per map, then makes the copies.
  private static final class Fold {
    private static final Comparator<EndpointSlice> BY_KEY =
        Comparator.comparing(EndpointSlice::key);

    private final ClusterSnapshot from;
    private final Map<ObjectKey, @Nullable Service> services = new HashMap<>();
    private final Map<ObjectKey, @Nullable EndpointSlice> slices = new HashMap<>();
    private final Map<ObjectKey, @Nullable Node> nodes = new HashMap<>();
    private final Map<ObjectKey, @Nullable ServiceCidr> serviceCidrs = new HashMap<>();
    private final Set<ObjectKey> touchedEndpoints = new HashSet<>();

    Fold(ClusterSnapshot from) {
      this.from = from;
    }

    Step apply(ClusterDelta delta) {
      delta.changes().forEach(this::collect);
      if (services.isEmpty() && slices.isEmpty() && nodes.isEmpty() && serviceCidrs.isEmpty()) {
        return new Step(from, ClusterChange.NONE);
      }
      PersistentMap<ObjectKey, EndpointSlice> nextSlices = from.slices.with(slices);
      ClusterSnapshot next =
          new ClusterSnapshot(
              from.revision + 1,
              from.services.with(services),
              nextSlices,
              from.slicesByService.with(regrouped()),
              from.nodes.with(nodes),
              from.serviceCidrs.with(serviceCidrs));
      Set<ObjectKey> touched = new HashSet<>(services.keySet());
      touched.addAll(touchedEndpoints);
      return new Step(next, new ClusterChange(touched, !nodes.isEmpty(), !serviceCidrs.isEmpty()));
    }

    private void collect(ObjectId id, Optional<ClusterObject> object) {
      ObjectKey key = id.key();
      @Nullable ClusterObject after = object.orElse(null);
      switch (id.kind()) {
        case SERVICE -> note(services, key, from.services.get(key), (Service) after);
        case ENDPOINT_SLICE -> collectSlice(key, (EndpointSlice) after);
        case NODE -> note(nodes, key, from.nodes.get(key), (Node) after);
        case SERVICE_CIDR ->
            note(serviceCidrs, key, from.serviceCidrs.get(key), (ServiceCidr) after);
      }
    }

    private void collectSlice(ObjectKey key, @Nullable EndpointSlice after) {
      @Nullable EndpointSlice before = from.slices.get(key);
      if (note(slices, key, before, after)) {
        if (before != null) {
          touchedEndpoints.add(before.service());
        }
        if (after != null) {
          touchedEndpoints.add(after.service());
        }
      }
    }

    private static <T> boolean note(
        Map<ObjectKey, @Nullable T> changed, ObjectKey key, @Nullable T before, @Nullable T after) {
      if (before == null ? after == null : before.equals(after)) {
        return false;
      }
      changed.put(key, after);
      return true;
    }

    /// The new slice lists of the touched Services. A slice may have moved from one to another.
    private Map<ObjectKey, @Nullable List<EndpointSlice>> regrouped() {
      Map<ObjectKey, List<EndpointSlice>> lists = new HashMap<>();
      for (ObjectKey service : touchedEndpoints) {
        List<EndpointSlice> kept = new ArrayList<>(from.slicesOf(service));
        kept.removeIf(slice -> slices.containsKey(slice.key()));
        lists.put(service, kept);
      }
      for (EndpointSlice slice : slices.values()) {
        if (slice != null) {
          lists.computeIfAbsent(slice.service(), _ -> new ArrayList<>()).add(slice);
        }
      }
      Map<ObjectKey, @Nullable List<EndpointSlice>> result = new HashMap<>();
      lists.forEach((service, list) -> {
        list.sort(BY_KEY);
        result.put(service, list.isEmpty() ? null : List.copyOf(list));
      });
      return result;
    }
  }
}
