package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.udpService;
import static kubeproxy.testing.Cluster.udpSlice;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kubeproxy.engine.SyncEvent.FlowReport;
import kubeproxy.engine.SyncEvent.FlowsCleaned;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodeFacts;
import kubeproxy.testing.FakeFlows;
import org.junit.jupiter.api.Test;

/// Follows the events of a real loop.
class FlowCleanerTest {
  private final LoopFixture at = new LoopFixture();
  private final FakeFlows flows = new FakeFlows();
  private final FlowCleaner<FakeFlows.Entry> cleaner =
      new FlowCleaner<>(flows, at.events, at.clock);

  private FakeFlows.Entry flow(String backend, int port) {
    return flows.add(IpAddress.of("10.0.0.1"), 53, IpAddress.of(backend), port);
  }

  /// A Service with two endpoints is installed and searched for.
  private void begin() {
    at.begin(udpService("a", "10.0.0.1"), udpSlice(IpFamily.IPV4, "a", "10.1.0.1", "10.1.0.2"));
    pass();
  }

  /// Tells the cleaner what the last step did and lets it search if it is time.
  private void pass() {
    at.events.of(SyncEvent.FactsChanged.class).forEach(cleaner::on);
    at.events.of(SyncEvent.Synced.class).forEach(cleaner::on);
    cleaner.step();
  }

  private FlowReport report() {
    return at.events.of(FlowsCleaned.class).stream()
        .filter(event -> event.family() == IpFamily.IPV4)
        .toList()
        .getLast()
        .report();
  }

  @Test
  void aRestartDeletesStaleFlowsAndKeepsHealthyOnes() {
    FakeFlows.Entry healthy = flow("10.1.0.1", 5353);
    flow("10.1.0.9", 5353);
    flow("10.0.0.1", 53);
    begin();

    assertThat(flows.entries(IpFamily.IPV4)).containsExactly(healthy);
    assertThat(report().listed()).isEqualTo(3);
    assertThat(report().deleted()).isEqualTo(2);
    assertThat(report().isClean()).isTrue();
  }

  @Test
  void itIsCleanWhenWhatItWasToldOfHasBeenSearchedFor() throws InterruptedException {
    begin();
    assertThat(cleaner.awaitClean(Duration.ZERO)).isTrue();
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.2"));
    at.stepLater();
    at.events.of(SyncEvent.Synced.class).forEach(cleaner::on);
    assertThat(cleaner.awaitClean(Duration.ZERO)).as("before the search").isFalse();
    pass();
    assertThat(cleaner.awaitClean(Duration.ZERO)).isTrue();
  }

  @Test
  void aLostEndpointIsSearchedForAndANewOneIsNot() {
    begin();
    flow("10.1.0.1", 5353);
    FakeFlows.Entry other = flow("10.1.0.2", 5353);
    int listed = flows.listed();
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1", "10.1.0.2", "10.1.0.3"));
    at.stepLater();
    pass();
    assertThat(flows.listed()).isEqualTo(listed);

    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.2", "10.1.0.3"));
    at.stepLater();
    pass();
    assertThat(flows.listed()).isEqualTo(listed + 1);
    assertThat(flows.entries(IpFamily.IPV4)).containsExactly(other);
  }

  @Test
  void aSearchThatDidNotSeeEverythingIsRepeatedAfterADoublingTime() {
    begin();
    flow("10.1.0.9", 5353);
    flow("10.1.0.9", 5353);
    flow("10.1.0.9", 5353);
    flows.setListings(new FlowTable.Listing.Interrupted(), new FlowTable.Listing.Failed("EPERM"));
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1"));
    at.stepLater();
    pass();
    assertThat(report().problem()).isEqualTo("interrupted");
    assertThat(report().deleted()).isEqualTo(1);

    long second = FlowCleaner.FIRST_RETRY_NANOS;
    assertThat(cleaner.step()).isEqualTo(at.clock.getAsLong() + second);
    at.clock.advance(Duration.ofNanos(second));
    assertThat(cleaner.step()).isEqualTo(at.clock.getAsLong() + 2 * second);
    assertThat(report().problem()).isEqualTo("EPERM");
    at.clock.advance(Duration.ofNanos(2 * second));
    assertThat(cleaner.step()).isEqualTo(SyncScheduler.NEVER);
    assertThat(report().isClean()).isTrue();
    assertThat(flows.entries(IpFamily.IPV4)).isEmpty();
  }

  @Test
  void aFlowThatCannotBeDeletedIsTriedAgain() {
    flow("10.1.0.9", 5353);
    flows.setDeletion(FlowTable.Deletion.FAILED);
    begin();
    assertThat(report().failed()).isEqualTo(1);
    assertThat(report().isClean()).isFalse();

    flows.setDeletion(FlowTable.Deletion.DELETED);
    at.clock.advance(Duration.ofNanos(FlowCleaner.FIRST_RETRY_NANOS));
    cleaner.step();
    assertThat(flows.entries(IpFamily.IPV4)).isEmpty();
  }

  @Test
  void aFlowThatEndedMeanwhileIsNoFailure() {
    flow("10.1.0.9", 5353);
    flows.setDeletion(FlowTable.Deletion.ABSENT);
    begin();

    assertThat(report().isClean()).isTrue();
    assertThat(report().deleted()).isZero();
  }

  @Test
  void tooManyStaleFlowsTakeSeveralSearches() {
    for (int i = 0; i < FlowCleaner.MAX_STALE + 1; i++) {
      flow("10.1.0.9", 5353);
    }
    begin();
    assertThat(report().deleted()).isEqualTo(FlowCleaner.MAX_STALE);
    assertThat(report().isClean()).isFalse();

    at.clock.advanceTo(cleaner.step());
    cleaner.step();
    assertThat(flows.entries(IpFamily.IPV4)).isEmpty();
  }

  @Test
  void newAddressesOfTheNodeAreAReason() {
    begin();
    int listed = flows.listed();
    at.source.putFacts(new NodeFacts(List.of(IpAddress.of("192.0.2.1"))));
    at.stepLater();
    pass();

    assertThat(flows.listed()).isEqualTo(listed + 1);
  }

  @Test
  void aRepairIsAReason() {
    begin();
    int listed = flows.listed();
    at.kernel4.lose(key("a"));
    at.inbox.noticeDrift(IpFamily.IPV4);
    at.stepLater();
    pass();

    assertThat(flows.listed()).isEqualTo(listed + 1);
  }
}
