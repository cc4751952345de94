package kubeproxy.engine;

import static kubeproxy.testing.Cluster.serviceId;
import static kubeproxy.testing.Cluster.udpService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodeFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxTest {
  private final Inbox inbox = new Inbox();

  @Test
  void nothingPassesBeforeAllSourcesAreSynced() {
    Inbox.Source services = inbox.register("services");
    Inbox.Source slices = inbox.register("slices");
    services.put(ClusterDelta.ofPut(List.of(udpService("a", "10.0.0.1"))));
    services.markSynced();

    assertThat(inbox.take()).isEmpty();
    assertThat(inbox.awaitedSources()).containsExactly("slices");

    slices.markSynced();
    assertThat(inbox.awaitedSources()).isEmpty();
    assertThat(inbox.take().orElseThrow().delta().changes()).hasSize(1);
    assertThat(inbox.take()).isEmpty();
  }

  @Test
  void anEmptyClusterIsABatchToo() {
    inbox.register("services").markSynced();

    assertThat(inbox.take().orElseThrow().delta()).isEqualTo(ClusterDelta.NONE);
    assertThat(inbox.take()).isEmpty();
  }

  @Test
  void theLastStateOfAnObjectWins() {
    Inbox.Source source = inbox.register("services");
    source.markSynced();
    inbox.take();
    for (int round = 0; round < 1000; round++) {
      source.put(ClusterDelta.ofPut(List.of(udpService("a", "10.0.0." + round % 250))));
    }
    source.put(ClusterDelta.ofPut(List.of(udpService("b", "10.0.1.1"))));
    long position = source.put(ClusterDelta.ofRemoved(List.of(serviceId("b"))));

    Inbox.Batch batch = inbox.take().orElseThrow();
    assertThat(batch.position()).isEqualTo(position);
    assertThat(batch.delta().changes())
        .hasSize(2)
        .containsEntry(serviceId("a"), Optional.of(udpService("a", "10.0.0.249")))
        .containsEntry(serviceId("b"), Optional.empty());
  }

  @Test
  void removalsBeforeTheFirstBatchLeaveNothingBehind() {
    Inbox.Source source = inbox.register("services");
    for (int round = 0; round < 1000; round++) {
      source.put(ClusterDelta.ofPut(List.of(udpService("s" + round, "10.0.0.1"))));
      source.put(ClusterDelta.ofRemoved(List.of(serviceId("s" + round))));
    }
    source.markSynced();

    assertThat(inbox.take().orElseThrow().delta().changes()).isEmpty();
  }

  @Test
  void mergedDeltasLeadToTheSameSnapshotAsSingleOnes() {
    List<ClusterDelta> deltas =
        List.of(
            ClusterDelta.ofPut(List.of(udpService("a", "10.0.0.1"), udpService("b", "10.0.0.2"))),
            ClusterDelta.ofRemoved(List.of(serviceId("a"))),
            ClusterDelta.ofPut(List.of(udpService("b", "10.0.0.3"), udpService("c", "10.0.0.4"))),
            ClusterDelta.ofPut(List.of(udpService("a", "10.0.0.5"))));
    ClusterSnapshot oneByOne = ClusterSnapshot.EMPTY;
    for (ClusterDelta delta : deltas) {
      oneByOne = oneByOne.apply(delta).snapshot();
    }
    // bit i says whether a batch ends after delta i
    for (int batches = 0; batches < 16; batches++) {
      Inbox some = new Inbox();
      Inbox.Source source = some.register("services");
      source.markSynced();
      ClusterSnapshot batched = ClusterSnapshot.EMPTY;
      for (int i = 0; i < deltas.size(); i++) {
        source.put(deltas.get(i));
        if ((batches >> i & 1) == 1) {
          batched = batched.apply(some.take().orElseThrow().delta()).snapshot();
        }
      }
      Optional<Inbox.Batch> rest = some.take();
      if (rest.isPresent()) {
        batched = batched.apply(rest.get().delta()).snapshot();
      }
      assertThat(batched.services()).isEqualTo(oneByOne.services());
    }
  }

  @Test
  void factsAndDriftTravelOnce() {
    Inbox.Source source = inbox.register("addresses");
    NodeFacts facts = new NodeFacts(List.of(IpAddress.of("192.0.2.1")));
    source.putFacts(new NodeFacts(List.of()));
    source.putFacts(facts);
    source.markSynced();
    inbox.noticeDrift(IpFamily.IPV6);

    Inbox.Batch batch = inbox.take().orElseThrow();
    assertThat(batch.facts()).contains(facts);
    assertThat(batch.drifted()).containsExactly(IpFamily.IPV6);
    inbox.noticeDrift(IpFamily.IPV4);
    Inbox.Batch next = inbox.take().orElseThrow();
    assertThat(next.facts()).isEmpty();
    assertThat(next.drifted()).containsExactly(IpFamily.IPV4);
  }

  @Test
  void aSourceCannotBeAddedLater() {
    inbox.register("services").markSynced();

    assertThatThrownBy(() -> inbox.register("slices")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Timeout(20)
  void waitingEndsWhenSomethingArrives() throws InterruptedException {
    Inbox.Source source = inbox.register("services");
    source.markSynced();
    inbox.take();
    CountDownLatch waited = new CountDownLatch(1);
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                inbox.await(0, Long.MAX_VALUE);
                waited.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    source.put(ClusterDelta.NONE);

    waited.await();
    waiter.join();
    assertThat(inbox.take()).isPresent();
  }
}
