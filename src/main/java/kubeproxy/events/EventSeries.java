package kubeproxy.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import kubeproxy.apiclient.TokenBucket;
import org.jspecify.annotations.Nullable;

/// Merges events that repeat and holds back those that are too many. Decides what is written, and
/// writes nothing itself. For one thread.
///
/// The first and the second time an event happens are written at once; after that, the count is
/// written every half an hour and when the event did not happen again for six minutes. The times
/// are those of client-go.
final class EventSeries {
  private static final Duration QUIET = Duration.ofMinutes(6);
  private static final Duration REFRESH = Duration.ofMinutes(30);

  /// Different events that are remembered; more than that are no series but a flood.
  private static final int MAX_SERIES = 1_000;

  /// About one object, as client-go's filter for floods: 25 at once, then one in five minutes.
  private static final int OBJECT_BURST = 25;

  private static final double OBJECT_PER_SECOND = 1.0 / 300;

  /// About all objects: enough for a node on which everything goes wrong at once.
  private static final int TOTAL_BURST = 100;

  private static final double TOTAL_PER_SECOND = 1;

  private final LongSupplier nanoTime;
  private final TokenBucket total;
  private final Map<ProxyEvent, Series> series = newest();
  private final Map<Regarding, TokenBucket> objects = newest();

  /// An event that may happen again.
  private static final class Series {
    private Occurrence occurrence;
    private int writtenCount;
    private Instant written;

    Series(Occurrence occurrence) {
      this.occurrence = occurrence;
      written = occurrence.first();
    }

    Occurrence write(Instant now) {
      written = now;
      writtenCount = occurrence.count();
      return occurrence;
    }
  }

  EventSeries(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    total = new TokenBucket(TOTAL_PER_SECOND, TOTAL_BURST, nanoTime);
  }

  private static <K, V> Map<K, V> newest() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MAX_SERIES;
      }
    };
  }

  /// What came of an event.
  ///
  /// @param write to be written now
  /// @param heldBack whether it would have been written but for the limits
  record Decision(Optional<Occurrence> write, boolean heldBack) {}

  /// An event happened.
  Decision observe(ProxyEvent event, Instant at) {
    @Nullable Series known = series.get(event);
    if (known == null) {
      if (!isAllowed(event)) {
        return new Decision(Optional.empty(), true);
      }
      Series fresh = new Series(Occurrence.first(event, at));
      series.put(event, fresh);
      return new Decision(Optional.of(fresh.write(at)), false);
    }
    known.occurrence = known.occurrence.again(at);
    if (known.writtenCount > 1) {
      return new Decision(Optional.empty(), false);
    }
    // Without a token the count is written later.
    return isAllowed(event)
        ? new Decision(Optional.of(known.write(at)), false)
        : new Decision(Optional.empty(), true);
  }

  private boolean isAllowed(ProxyEvent event) {
    TokenBucket object =
        objects.computeIfAbsent(
            event.regarding(), _ -> new TokenBucket(OBJECT_PER_SECOND, OBJECT_BURST, nanoTime));
    return object.tryTake() && total.tryTake();
  }

  /// What is to be written because of the time. Forgets events that do not happen any more.
  List<Occurrence> due(Instant now) {
    List<Occurrence> writes = new ArrayList<>();
    for (Iterator<Series> each = series.values().iterator(); each.hasNext(); ) {
      Series one = each.next();
      boolean over = !now.isBefore(one.occurrence.last().plus(QUIET));
      boolean old = !now.isBefore(one.written.plus(REFRESH));
      if ((over || old) && one.writtenCount < one.occurrence.count()) {
        writes.add(one.write(now));
      }
      if (over) {
        each.remove();
      }
    }
    return writes;
  }
}
