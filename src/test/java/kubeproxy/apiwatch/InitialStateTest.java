package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import kubeproxy.model.Kind;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.Fault;
import kubeproxy.testing.api.Personality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How the whole state is read: by streaming lists, by lists, page by page, and what goes wrong.
class InitialStateTest {
  private static final int SERVICES = 23;

  private static void fill(Follower follower) {
    for (int i = 0; i < SERVICES; i++) {
      follower.put("service-" + i, 80 + i);
    }
  }

  private static ClusterOptions pagesOfFive(ClusterOptions options) {
    return Follower.listing(options).withPacing(Follower.hurried().withPageLimit(5));
  }

  private static List<ApiCall> lists(Follower follower) {
    return follower.server.calls().of(Follower::servicesList);
  }

  @Test
  void pagesAreReadOneAfterTheOther() throws IOException, InterruptedException {
    try (Follower follower = new Follower(InitialStateTest::pagesOfFive)) {
      follower.api.become(Personality.current().withoutWatchCache());
      fill(follower);
      follower.start().awaitSynced();

      assertThat(follower.objects()).hasSize(SERVICES);
      assertThat(lists(follower)).hasSize(5);
      assertThat(lists(follower).subList(1, 5))
          .allSatisfy(call -> assertThat(call.parameter("resourceVersion")).isEmpty())
          .allSatisfy(call -> assertThat(call.parameter("continue")).isNotEmpty());
      assertThat(follower.deltas()).as("one delta for all pages").hasSize(1);
    }
  }

  @Test
  void anExpiredPageLeadsToAListWithoutPages() throws IOException, InterruptedException {
    try (Follower follower = new Follower(InitialStateTest::pagesOfFive)) {
      follower.api.become(Personality.current().withoutWatchCache());
      fill(follower);
      follower
          .server
          .faults()
          .next(
              call -> !call.parameter("continue").isEmpty(),
              new Fault.Refusal(410, "Expired", "The provided continue parameter is too old", 0));
      follower.start().awaitSynced();

      assertThat(follower.objects()).hasSize(SERVICES);
      assertThat(lists(follower)).hasSize(3);
      assertThat(lists(follower).getLast().parameter("limit")).isEmpty();
    }
  }

  @Test
  void aPageThatIsCutLeadsToANewList() throws IOException, InterruptedException {
    try (Follower follower = new Follower(InitialStateTest::pagesOfFive)) {
      follower.api.become(Personality.current().withoutWatchCache());
      fill(follower);
      follower
          .server
          .faults()
          .next(call -> !call.parameter("continue").isEmpty(), new Fault.Cut(500));
      follower.start().awaitSynced();

      assertThat(follower.objects()).hasSize(SERVICES);
      assertThat(follower.deltas()).as("nothing of half a list").hasSize(1);
    }
  }

  @Test
  void aListAfterOneIsADelta() throws IOException, InterruptedException {
    try (Follower follower = new Follower(Follower::listing)) {
      fill(follower);
      follower.start().awaitSynced();
      follower.server.stopListening();
      follower.put("service-3", 1000);
      follower.put("new", 1);
      follower.store.delete(ApiKind.SERVICE, "ns/service-7");
      follower.store.compact();
      follower.server.listenAgain();
      follower.awaitPort("new", 1);

      assertThat(follower.deltas()).hasSize(2);
      assertThat(follower.deltas().getLast().changes().keySet())
          .containsExactlyInAnyOrder(
              Follower.id("service-3"), Follower.id("new"), Follower.id("service-7"));
      assertThat(lists(follower).getLast().parameter("resourceVersion")).isNotEqualTo("0");
      assertThat(lists(follower).getLast().parameter("limit")).isEmpty();
    }
  }

  @Test
  void aVersionThatTheServerHasNotReachedLeadsToTheNewestState()
      throws IOException, InterruptedException {
    try (Follower follower = new Follower(Follower::listing)) {
      fill(follower);
      follower.start().awaitSynced();
      follower.server.stopListening();
      follower.store.restoreTo(5);
      follower.server.listenAgain();
      follower.put("new", 1);
      follower.awaitPort("new", 1);

      assertThat(follower.objects()).hasSize(SERVICES + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Personality.WatchLists.class,
      names = {"REFUSED", "UNKNOWN"})
  void withoutStreamingListsThereAreOrdinaryOnes(Personality.WatchLists answer)
      throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower.api.become(Personality.current().withWatchLists(answer));
      fill(follower);
      follower.start().awaitSynced();
      follower.put("new", 1);
      follower.awaitPort("new", 1);

      assertThat(follower.objects()).hasSize(SERVICES + 1);
      assertThat(lists(follower)).hasSize(1);
    }
  }

  @Test
  void aServerThatNeverEndsTheInitialStateIsListed() throws IOException, InterruptedException {
    try (Follower follower = new Follower(o -> o.withPacing(Follower.impatient()))) {
      follower.api.become(Personality.of119().withWatchLists(Personality.WatchLists.UNKNOWN));
      follower.api.bookmarkEvery(Duration.ofHours(1));
      fill(follower);
      follower.start().awaitSynced();

      assertThat(follower.objects()).hasSize(SERVICES);
      assertThat(lists(follower)).isNotEmpty();
    }
  }

  @Test
  void nothingIsHandedOnBeforeTheStateIsWhole() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      fill(follower);
      follower.server.faults().next(3, ApiCall::isWatchList, new Fault.Cut(900));
      follower.start().awaitSynced();
      follower.await("Services", () -> follower.lists() == 1);

      assertThat(follower.objects()).hasSize(SERVICES);
      assertThat(follower.deltas()).hasSize(1);
    }
  }

  @Test
  void theStartWaitsForServicesAndEndpoints() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower
          .server
          .faults()
          .always(
              call -> call.isOf(ApiKind.ENDPOINT_SLICE),
              new Fault.Refusal(403, "Forbidden", "", 0));
      follower.start();
      follower.await("refused", () -> follower.state(Kind.ENDPOINT_SLICE).failures() > 3);
      follower.await("Services", () -> follower.state(Kind.SERVICE).synced());

      assertThat(follower.syncedCount()).isZero();

      follower.server.faults().clear();
      follower.awaitSynced();
    }
  }

  @Test
  void theStartDoesNotWaitForWhatWeMayNotReadAndCanDoWithout()
      throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower
          .server
          .faults()
          .always(
              call -> call.isOf(ApiKind.SERVICE_CIDR) || call.isOf(ApiKind.NODE),
              new Fault.Refusal(403, "Forbidden", "", 0));
      follower.start().awaitSynced();

      assertThat(follower.state(Kind.NODE).condition()).isEqualTo(Condition.FORBIDDEN);
      assertThat(follower.state(Kind.NODE).synced()).isFalse();

      follower.server.faults().clear();
      follower.await("read after all", () -> follower.state(Kind.NODE).synced());
    }
  }

  @Test
  void theStartWaitsForOurNodeOnlyAWhile() throws IOException, InterruptedException {
    WatchPacing pacing = Follower.hurried().withGoOnWithout(Duration.ofMillis(300));
    try (Follower follower = new Follower(options -> options.withPacing(pacing))) {
      follower.server.faults().always(call -> call.isOf(ApiKind.NODE), new Fault.Hang());
      follower.start().awaitSynced();

      assertThat(follower.state(Kind.NODE).synced()).isFalse();
    }
  }
}
