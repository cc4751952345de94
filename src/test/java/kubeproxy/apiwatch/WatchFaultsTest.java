package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import kubeproxy.model.Kind;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.Fault;
import kubeproxy.testing.api.Personality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each thing that goes wrong with a watch, alone. The list is not repeated unless it has to be.
class WatchFaultsTest {

  private static Follower synced() throws IOException, InterruptedException {
    return synced(new Follower());
  }

  private static Follower synced(Follower follower) throws IOException, InterruptedException {
    follower.put("web", 80);
    follower.start().awaitSynced();
    follower.awaitPort("web", 80);
    return follower;
  }

  private static int watches(Follower follower) {
    return follower.server.calls().of(Follower::servicesWatch).size();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60, 300})
  void aWatchCutWithinAnEventIsResumed(int bytes) throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      int before = watches(follower);
      follower.server.faults().next(Follower::servicesWatch, new Fault.Cut(bytes));
      follower.server.cutAll();
      follower.put("web", 81);
      follower.awaitPort("web", 81);
      follower.awaitCalls(before + 2, Follower::servicesWatch);
      follower.put("web", 82);
      follower.awaitPort("web", 82);

      assertThat(follower.lists()).isOne();
    }
  }

  @Test
  void aWatchThatTheServerEndsIsResumedWhereItWas() throws IOException, InterruptedException {
    try (Follower follower =
        new Follower(
            o -> o.withPacing(Follower.hurried().withWatchAtLeast(Duration.ofMillis(1))))) {
      follower.put("web", 80);
      follower.start().awaitSynced();
      follower.awaitCalls(3, Follower::servicesWatch);
      follower.put("web", 81);
      follower.awaitPort("web", 81);

      assertThat(follower.lists()).isOne();
      assertThat(follower.deltas()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aForgottenVersionLeadsToAList(boolean byStatus) throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      if (byStatus) {
        follower.api.become(Personality.current().withGoneByStatus());
      }
      follower.put("gone", 1);
      follower.awaitPort("gone", 1);
      follower.server.stopListening();
      follower.store.delete(ApiKind.SERVICE, "ns/gone");
      follower.put("web", 82);
      follower.store.compact();
      int deltas = follower.deltaCount();
      follower.server.listenAgain();
      follower.awaitPort("web", 82);

      assertThat(follower.has(Follower.id("gone"))).isFalse();
      assertThat(follower.deltaCount()).as("one delta for all").isEqualTo(deltas + 1);
      assertThat(follower.lists()).isEqualTo(2);
    }
  }

  @Test
  void aHalfOpenConnectionIsGivenUpAndResumed() throws IOException, InterruptedException {
    try (Follower follower = synced(new Follower(o -> o.withPacing(Follower.impatient())))) {
      follower.server.faults().next(Follower::servicesWatch, new Fault.Stall(0));
      int before = watches(follower);
      follower.server.cutAll();
      follower.awaitCalls(before + 1, Follower::servicesWatch);
      follower.put("web", 81);
      follower.awaitPort("web", 81);

      assertThat(watches(follower)).isGreaterThanOrEqualTo(before + 2);
      assertThat(follower.lists()).isOne();
    }
  }

  /// Time goes on only after a bookmark was heard, so that a busy machine makes no silence.
  @Test
  void bookmarksKeepAQuietConnectionOpen() throws IOException, InterruptedException {
    AtomicLong nanos = new AtomicLong();
    try (Follower follower =
        synced(new Follower(o -> o.withPacing(Follower.impatient()), nanos::get))) {
      Duration step = Follower.impatient().silence().multipliedBy(3).dividedBy(4);
      for (int i = 0; i < 10; i++) {
        long now = nanos.addAndGet(step.toNanos());
        follower.await(
            "a bookmark", () -> follower.state(Kind.SERVICE).lastHeardNanos().getAsLong() == now);
      }

      assertThat(watches(follower)).isOne();
    }
  }

  @Test
  void repeatedEventsAreHandedOnOnce() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      follower.server.faults().next(Follower::servicesWatch, new Fault.Duplicate());
      follower.server.cutAll();
      for (int port = 81; port < 90; port++) {
        follower.put("web", port);
      }
      follower.store.delete(ApiKind.SERVICE, "ns/web");
      follower.awaitGone(Follower.id("web"));
      follower.put("end", 1);
      follower.awaitPort("end", 1);

      follower.await("all twice", () -> follower.state(Kind.SERVICE).events() == 22);

      assertThat(follower.deltas()).hasSize(12);
      assertThat(follower.lists()).isOne();
    }
  }

  @Test
  void eventsInTheWrongOrderLeadToAList() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      follower.server.stopListening();
      for (int port = 81; port < 90; port++) {
        follower.put("web", port);
      }
      follower.server.faults().next(Follower::servicesWatch, new Fault.Reorder());
      follower.server.listenAgain();
      follower.awaitPort("web", 89);
      follower.await("listed anew", () -> follower.lists() == 2);

      assertThat(follower.objects()).hasSize(1);
    }
  }

  @Test
  void aServerSetBackToABackupIsListed() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      for (int i = 0; i < 100; i++) {
        follower.store.touch();
      }
      follower.put("web", 81);
      follower.awaitPort("web", 81);
      follower.server.stopListening();
      follower.store.restoreTo(10);
      follower.put("web", 82);
      follower.server.listenAgain();

      follower.awaitPort("web", 82);
    }
  }

  @Test
  void anObjectThatCannotBeDecodedStaysAsItWas() throws IOException, InterruptedException {
    try (Follower follower = new Follower(Follower::json)) {
      follower.put("web", 80);
      follower.start().awaitSynced();
      var broken =
          kubeproxy.testing.api.Tree.with(
              kubeproxy.testing.api.ModelTree.of(Follower.service("web", 81)),
              "spec.ports",
              "none");
      follower.store.put(broken);
      follower.put("other", 1);
      follower.awaitPort("other", 1);

      assertThat(follower.objects()).containsEntry(Follower.id("web"), Follower.service("web", 80));
      assertThat(follower.problems()).hasSize(1);
      assertThat(follower.problems().getFirst().object()).isEqualTo(Follower.id("web").key());
      assertThat(follower.state(Kind.SERVICE).malformed()).isOne();

      follower.server.stopListening();
      follower.store.touch();
      follower.store.compact();
      follower.server.listenAgain();
      follower.await("listed anew", () -> follower.lists() == 2);

      assertThat(follower.objects()).containsEntry(Follower.id("web"), Follower.service("web", 80));

      follower.put("web", 83);
      follower.awaitPort("web", 83);

      assertThat(follower.state(Kind.SERVICE).malformed()).isZero();

      follower.store.put(broken);
      follower.store.delete(ApiKind.SERVICE, "ns/web");
      follower.awaitGone(Follower.id("web"));
    }
  }

  @Test
  void eachRefusalHasItsCondition() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      for (var expected :
          List.of(
              java.util.Map.entry(401, Condition.UNAUTHORIZED),
              java.util.Map.entry(403, Condition.FORBIDDEN),
              java.util.Map.entry(429, Condition.THROTTLED),
              java.util.Map.entry(500, Condition.SERVER_ERROR))) {
        follower
            .server
            .faults()
            .always(
                call -> call.isOf(ApiKind.SERVICE),
                new Fault.Refusal(expected.getKey(), "Reason", "because", 0));
        follower.server.cutAll();
        follower.await(
            "refused with " + expected.getKey(),
            () -> follower.state(Kind.SERVICE).condition() == expected.getValue());

        assertThat(follower.state(Kind.SERVICE).detail()).contains("because");
        assertThat(follower.has(Follower.id("web"))).isTrue();

        follower.server.faults().clear();
        follower.await("connected again", () -> follower.state(Kind.SERVICE).connected());
      }
    }
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      // When the server was asked, not when this thread hears of it.
      AtomicLong refused = new AtomicLong();
      follower
          .server
          .faults()
          .next(
              call -> {
                boolean meant = Follower.servicesWatch(call);
                if (meant) {
                  refused.set(System.nanoTime());
                }
                return meant;
              },
              new Fault.Refusal(429, "TooManyRequests", "busy", 1));
      int before = watches(follower);
      follower.server.cutAll();
      follower.awaitCalls(before + 2, Follower::servicesWatch);

      assertThat(System.nanoTime() - refused.get()).isGreaterThan(Duration.ofMillis(900).toNanos());
      assertThat(follower.lists()).isOne();
    }
  }

  @Test
  void garbageIsNoStateAndNoEvent() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      follower
          .server
          .faults()
          .next(3, call -> call.isOf(ApiKind.SERVICE), new Fault.Garbage("<html>oops</html>"));
      follower.server.cutAll();
      follower.put("web", 81);
      follower.awaitPort("web", 81);

      assertThat(follower.objects()).hasSize(1);
    }
  }

  /// When a stream counts as dead is a matter of `WatchedBodyTest`.
  @Test
  void slowStreamsAreNotDeadOnes() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      int before = watches(follower);
      follower
          .server
          .faults()
          .next(Follower::servicesWatch, new Fault.Slow(7, Duration.ofMillis(10)));
      follower.server.cutAll();
      follower.put("web", 81);
      follower.put("web", 82);
      follower.awaitPort("web", 82);

      assertThat(watches(follower)).isEqualTo(before + 1);
    }
  }

  @Test
  void aServerThatIsAwayChangesNothing() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      follower.server.stopListening();
      follower.await("several attempts", () -> follower.state(Kind.SERVICE).failures() >= 3);

      assertThat(follower.has(Follower.id("web"))).isTrue();
      assertThat(follower.state(Kind.SERVICE).condition()).isEqualTo(Condition.UNREACHABLE);

      follower.put("web", 81);
      follower.server.listenAgain();
      follower.awaitPort("web", 81);
    }
  }

  @Test
  void afterManyFailuresInARowTheStateIsListedAnew() throws IOException, InterruptedException {
    try (Follower follower = synced()) {
      follower
          .server
          .faults()
          .next(5, Follower::servicesWatch, new Fault.Refusal(500, "InternalError", "no", 0));
      follower.server.cutAll();
      follower.await("listed anew", () -> follower.lists() == 2);

      assertThat(follower.server.calls().of(ApiCall::isList)).isEmpty();
    }
  }
}
