package kubeproxy.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;

/// When the changes were made in the cluster that EndpointSlices told of and that are not installed
/// yet, by slice: what the latency of programming is measured from. Not thread-safe.
///
/// As kube-proxy has it, each change of a slice counts, also several that one sync carries out, and
/// those of a slice that goes do not.
final class TriggerTimes {
  /// Of more changes of one slice that wait together the oldest are kept: they waited longest.
  static final int MAXIMUM_PER_SLICE = 16;

  private final Map<ObjectKey, Times> bySlice = new HashMap<>();

  /// @param millis since the epoch, in the order of arrival
  private record Times(ObjectKey service, IpFamily family, List<Long> millis) {

    Times with(List<Long> more) {
      return times(Stream.concat(millis.stream(), more.stream()));
    }

    Times without(long known) {
      return times(millis.stream().filter(time -> time != known));
    }

    private Times times(Stream<Long> some) {
      return new Times(service, family, some.distinct().limit(MAXIMUM_PER_SLICE).toList());
    }
  }

  /// A slice was put.
  void put(EndpointSlice slice) {
    if (slice.triggeredMillis() != 0) {
      List<Long> time = List.of(slice.triggeredMillis());
      add(slice.key(), new Times(slice.service(), slice.family(), time));
    }
  }

  /// A slice is gone.
  void remove(ObjectKey slice) {
    bySlice.remove(slice);
  }

  /// Drops a time at which what is known already was made: it tells of no change.
  void removeKnown(EndpointSlice known) {
    bySlice.computeIfPresent(
        known.key(),
        (_, times) -> {
          Times others = times.without(known.triggeredMillis());
          return others.millis.isEmpty() ? null : others;
        });
  }

  /// Adds those of a family.
  void addAll(TriggerTimes more, IpFamily family) {
    more.bySlice.forEach((slice, times) -> {
      if (times.family == family) {
        add(slice, times);
      }
    });
  }

  private void add(ObjectKey slice, Times times) {
    bySlice.merge(slice, times, (old, later) -> old.with(later.millis));
  }

  /// The slices with times.
  Set<ObjectKey> slices() {
    return Set.copyOf(bySlice.keySet());
  }

  /// Moves all to a new object.
  TriggerTimes take() {
    TriggerTimes taken = new TriggerTimes();
    taken.bySlice.putAll(bySlice);
    bySlice.clear();
    return taken;
  }

  /// Takes the times of all Services but some, in milliseconds since the epoch, sorted.
  List<Long> takeAllBut(Collection<ObjectKey> services) {
    List<Long> taken = new ArrayList<>();
    Iterator<Times> all = bySlice.values().iterator();
    while (all.hasNext()) {
      Times times = all.next();
      if (!services.contains(times.service)) {
        taken.addAll(times.millis);
        all.remove();
      }
    }
    taken.sort(null);
    return taken;
  }

  boolean isEmpty() {
    return bySlice.isEmpty();
  }
}
