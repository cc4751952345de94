package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.udpService;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.testing.FakeKernel.Fault;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SliceBuilder;
import org.junit.jupiter.api.Test;

/// From which changes of endpoints the latency of programming is measured, and when; and how many
/// wait.
class ProgrammedTest {
  private final LoopFixture at = new LoopFixture();
  private final Service a = udpService("a", "10.0.0.1", "fd00::1");
  private final Service b = udpService("b", "10.0.0.2", "fd00::2");

  @Test
  void aChangeCountsWhenTheKernelHasIt() {
    at.begin(a, slice("a", 1, 100));
    assertThat(programmed()).isEmpty();
    at.kernel4.setFaults(_ -> Fault.REJECT);
    at.put(slice("a", 2, 200));
    at.stepLater();
    assertThat(programmed()).isEmpty();
    assertThat(at.loop.pendingChanges()).isEqualTo(new PendingChanges(0, 1));

    at.kernel4.setFaults(_ -> Fault.NONE);
    at.clock.advance(Duration.ofMinutes(1));
    at.step();
    assertThat(programmed()).containsExactly(200L);
    assertThat(at.loop.pendingChanges()).isEqualTo(PendingChanges.NONE);
    at.stepLater();
    assertThat(programmed()).isEmpty();
  }

  @Test
  void changesThatOneSyncCarriesOutCountEach() {
    at.begin(a, b);
    at.put(slice("a", 1, 300));
    at.put(slice("a", 2, 200), slice("b", 3, 100));
    at.put(slice("a", 2, 200));
    assertThat(at.loop.pendingChanges()).isEqualTo(new PendingChanges(0, 2));
    at.stepLater();
    assertThat(programmed()).containsExactly(100L, 200L, 300L);
  }

  @Test
  void aChangeThatMakesNoDifferenceIsDoneAtOnce() {
    at.begin(a, slice("a", 1, 100));
    at.put(slice("a", 1, 200));
    at.step();
    assertThat(programmed()).containsExactly(200L);
    assertThat(at.dataplane4.requests()).hasSize(1);
  }

  @Test
  void whatIsKnownAndWhatIsGoneCountsForNothing() {
    at.begin(a, slice("a", 1, 100));
    at.put(slice("a", 1, 100));
    at.put(slice("a", 2, 100));
    at.stepLater();
    assertThat(programmed()).isEmpty();

    at.put(slice("a", 3, 300));
    at.remove(ObjectId.of(slice("a", 3, 0)));
    at.stepLater();
    assertThat(programmed()).isEmpty();
  }

  @Test
  void aServiceSetAsideCountsWhenItIsRestored() {
    at.begin(a, b);
    at.kernel4.refuse(key("a"));
    at.put(slice("a", 1, 100), slice("b", 2, 200));
    at.stepLater();
    assertThat(programmed()).containsExactly(200L);

    at.kernel4.refuseNothing();
    at.events.clear();
    at.settle();
    assertThat(programmed()).containsExactly(100L);
  }

  @Test
  void eachFamilyCountsItsOwn() {
    at.begin(a);
    SliceBuilder six = Objects.slice(key("a").toString(), "a6").ipv6().endpoints("fd00:1::1");
    at.put(slice("a", 1, 100), six.triggered(600).build());
    at.stepLater();
    assertThat(at.events.of(SyncEvent.Programmed.class))
        .extracting(SyncEvent.Programmed::family)
        .containsExactlyInAnyOrder(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(programmed()).containsExactly(100L, 600L);
  }

  @Test
  void ofManyChangesOfOneSliceTheOldestAreKept() {
    at.begin(a);
    for (int time = 1; time <= 1000; time++) {
      at.put(slice("a", 1 + time % 200, time));
    }
    at.stepLater();
    List<Long> oldest = LongStream.rangeClosed(1, TriggerTimes.MAXIMUM_PER_SLICE).boxed().toList();
    assertThat(programmed()).isEqualTo(oldest);
  }

  private static EndpointSlice slice(String service, int host, long triggered) {
    ObjectKey key = key(service);
    return Objects.slice(key.toString(), service + "-1")
        .port("", Protocol.UDP, 5353)
        .endpoints("10.1.0." + host)
        .triggered(triggered)
        .build();
  }

  private List<Long> programmed() {
    return at.events.of(SyncEvent.Programmed.class).stream()
        .flatMap(event -> event.triggers().stream())
        .sorted()
        .toList();
  }
}
