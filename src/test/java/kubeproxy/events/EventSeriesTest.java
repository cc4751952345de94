package kubeproxy.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kubeproxy.events.EventSeries.Decision;
import kubeproxy.testing.ManualClock;
import org.junit.jupiter.api.Test;

class EventSeriesTest {
  private static final ProxyEvent EVENT = ProxyEvent.starting("node1");

  private final ManualClock clock = new ManualClock();
  private final EventSeries series = new EventSeries(clock);
  private final Instant start = Instant.parse("2026-01-02T03:04:05.000000123Z");

  private Instant now() {
    return start.plusNanos(clock.getAsLong());
  }

  private List<Integer> due() {
    return series.due(now()).stream().map(Occurrence::count).toList();
  }

  private int written(ProxyEvent event) {
    return series.observe(event, now()).write().map(Occurrence::count).orElse(0);
  }

  @Test
  void writesTheFirstAndTheSecondTimeAtOnceAndTheRestLater() {
    assertThat(written(EVENT)).isEqualTo(1);
    assertThat(written(EVENT)).isEqualTo(2);
    assertThat(written(EVENT)).isZero();
    assertThat(written(EVENT)).isZero();
    assertThat(due()).isEmpty();
    clock.advance(Duration.ofMinutes(6).minusNanos(1));
    assertThat(due()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(due()).containsExactly(4);
    assertThat(due()).isEmpty();
    // The series is over; the next time begins another.
    assertThat(written(EVENT)).isEqualTo(1);
  }

  @Test
  void refreshesASeriesThatGoesOn() {
    written(EVENT);
    written(EVENT);
    for (int minute = 1; minute < 30; minute++) {
      clock.advance(Duration.ofMinutes(1));
      written(EVENT);
      assertThat(due()).isEmpty();
    }
    clock.advance(Duration.ofMinutes(1));
    assertThat(due()).containsExactly(31);
    assertThat(due()).isEmpty();
  }

  @Test
  void oneEventIsForgottenSilently() {
    written(EVENT);
    clock.advance(Duration.ofHours(1));
    assertThat(due()).isEmpty();
    Decision next = series.observe(EVENT, now());
    assertThat(next.write().orElseThrow().first()).isEqualTo(now());
  }

  @Test
  void namesAreMadeOfObjectAndTime() {
    Occurrence occurrence = series.observe(EVENT, start).write().orElseThrow();
    long nanos = start.getEpochSecond() * 1_000_000_000 + start.getNano();
    assertThat(occurrence.name()).isEqualTo("node1." + Long.toHexString(nanos));
    ProxyEvent longest = ProxyEvent.starting("n".repeat(253));
    assertThat(series.observe(longest, start).write().orElseThrow().name().length())
        .isLessThanOrEqualTo(253);
  }

  @Test
  void holdsBackWhatIsTooMuchAboutOneObject() {
    for (int i = 0; i < 25; i++) {
      assertThat(written(ProxyEvent.secondInstance("node1", "note " + i))).isEqualTo(1);
    }
    ProxyEvent more = ProxyEvent.secondInstance("node1", "more");
    assertThat(series.observe(more, now()).heldBack()).isTrue();
    assertThat(written(ProxyEvent.starting("node2"))).isEqualTo(1);
    clock.advance(Duration.ofMinutes(5));
    assertThat(written(more)).isEqualTo(1);
    // No token is left for its second time, so that is written when it is due.
    assertThat(series.observe(more, now())).isEqualTo(new Decision(Optional.empty(), true));
    clock.advance(Duration.ofMinutes(6));
    assertThat(due()).containsExactly(2);
  }

  @Test
  void holdsBackWhatIsTooMuchAltogether() {
    for (int i = 0; i < 100; i++) {
      assertThat(written(ProxyEvent.starting("node" + i))).isEqualTo(1);
    }
    assertThat(written(ProxyEvent.starting("one-more"))).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(written(ProxyEvent.starting("one-more"))).isEqualTo(1);
  }
}
