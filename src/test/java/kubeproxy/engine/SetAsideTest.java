package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.serviceId;
import static kubeproxy.testing.Cluster.udpService;
import static kubeproxy.testing.Cluster.udpSlice;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Service;
import kubeproxy.testing.FakeKernel.Fault;
import kubeproxy.testing.FakeKernel.Naming;
import org.junit.jupiter.api.Test;

/// One Service that the kernel refuses stops nobody else.
class SetAsideTest {
  private final LoopFixture at = new LoopFixture();
  private final Service a = udpService("a", "10.0.0.1", "fd00::1");
  private final Service b = udpService("b", "10.0.0.2", "fd00::2");
  private final Service bad = udpService("bad", "10.0.0.3", "fd00::3");

  @Test
  void theOthersAreInstalledAtOnce() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad, b);

    assertThat(at.kernel4.services()).containsOnlyKeys(key("a"), key("b"));
    assertThat(at.kernel6.services()).containsOnlyKeys(key("a"), key("b"), key("bad"));
    FamilyStatus status = at.status(IpFamily.IPV4);
    assertThat(status.installedRevision()).isEqualTo(1);
    assertThat(status.setAside()).singleElement().matches(one -> one.service().equals(key("bad")));
    assertThat(installed("bad")).isFalse();
    assertThat(at.events.of(SyncEvent.SetAside.class)).hasSize(1);
    assertThat(at.status(IpFamily.IPV6).setAside()).isEmpty();
  }

  @Test
  void aRefusedChangeLeavesTheServiceAsItWas() {
    at.begin(a, bad);
    at.put(udpSlice(IpFamily.IPV4, "bad", "10.1.0.1"));
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.2"));
    at.kernel4.refuse(key("bad"));
    at.stepLater();

    assertThat(at.installed(IpFamily.IPV4)).isNotEqualTo(at.desired(IpFamily.IPV4));
    at.installed(IpFamily.IPV4)
        .services()
        .forEach((key, service) -> assertThat(at.kernel4.services()).containsEntry(key, service));
  }

  @Test
  void itIsTriedAloneAfterADoublingTime() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad);
    List<Long> tries = new ArrayList<>();
    for (int count = 0; count < 12; count++) {
      int calls = at.kernel4.calls();
      long next = at.loop.step();
      assertThat(at.kernel4.calls()).isEqualTo(calls);
      at.clock.advanceTo(next);
      tries.add(at.clock.getAsLong());
      at.step();
      assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("bad"));
      assertThat(at.dataplane4.requests().getLast().setAside()).isEmpty();
    }
    long second = SetAsideServices.FIRST_RETRY_NANOS;
    assertThat(tries.get(0)).isEqualTo(second);
    assertThat(tries.get(1)).isEqualTo(3 * second);
    assertThat(tries.get(2)).isEqualTo(7 * second);
    assertThat(tries.get(11) - tries.get(10)).isEqualTo(SetAsideServices.LONGEST_RETRY_NANOS);
    assertThat(at.status(IpFamily.IPV4).setAside().getFirst().refusals()).isEqualTo(13);

    at.kernel4.refuseNothing();
    at.clock.advance(Duration.ofNanos(SetAsideServices.LONGEST_RETRY_NANOS));
    at.step();
    at.assertInstalled();
    assertThat(at.events.last(SyncEvent.Restored.class).service().service()).isEqualTo(key("bad"));
  }

  @Test
  void aChangeOfItIsTriedAtOnce() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad);
    at.clock.advance(Duration.ofSeconds(1));
    at.step();
    at.kernel4.refuseNothing();
    at.put(udpSlice(IpFamily.IPV4, "bad", "10.1.0.1"));
    at.stepLater();

    at.assertInstalled();
    assertThat(at.events.of(SyncEvent.Restored.class)).hasSize(1);
  }

  @Test
  void aChangeOfAnotherDoesNotTryIt() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad);
    at.clock.advance(Duration.ofSeconds(1));
    at.step();
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1"));
    at.stepLater();

    assertThat(at.events.of(SyncEvent.Rejected.class)).isEmpty();
    assertThat(at.dataplane4.requests().getLast().setAside()).containsExactly(key("bad"));
    assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("a"));
  }

  @Test
  void whenItIsDeletedNothingIsLeftToDo() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad);
    at.remove(serviceId("bad"));
    at.stepLater();

    at.assertInstalled();
  }

  @Test
  void aRefusedRemovalIsTriedAgainToo() {
    at.begin(a, bad);
    at.kernel4.refuse(key("bad"));
    at.remove(serviceId("bad"));
    at.stepLater();
    assertThat(at.kernel4.services()).containsKey(key("bad"));
    assertThat(installed("bad")).isTrue();

    at.kernel4.refuseNothing();
    at.stepLater();
    at.assertInstalled();
  }

  @Test
  void aTryThatFailsAsAWholeFailsNothingElseAndIsRepeatedOneByOne() {
    Service worse = udpService("worse", "10.0.0.4");
    at.kernel4.refuse(key("bad"));
    at.kernel4.refuse(key("worse"));
    at.begin(a, bad, worse);
    at.kernel4.setNaming(Naming.NONE);
    at.stepLater();

    assertThat(at.dataplane4.requests().getLast().delta().services())
        .containsExactlyInAnyOrder(key("bad"), key("worse"));
    assertThat(at.events.of(SyncEvent.Failed.class)).isEmpty();
    assertThat(at.status(IpFamily.IPV4).setAside()).hasSize(2);

    at.clock.advance(Duration.ofSeconds(2));
    at.step();
    assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("bad"));
    at.stepLater();
    assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("worse"));
    assertThat(at.status(IpFamily.IPV4).setAside()).hasSize(2);
  }

  @Test
  void aTryWithAnUnknownEndIsFollowedByReadingBackWithoutIt() {
    at.kernel4.refuse(key("bad"));
    at.begin(a, bad);
    at.kernel4.refuseNothing();
    at.kernel4.setFaults(call -> call == 1 ? Fault.UNKNOWN_AFTER : Fault.NONE);
    at.stepLater();

    assertThat(at.dataplane4.requests().getLast().observe()).isTrue();
    assertThat(at.dataplane4.requests().getLast().setAside()).containsExactly(key("bad"));
    assertThat(at.events.of(SyncEvent.Failed.class)).isEmpty();

    at.clock.advance(Duration.ofSeconds(2));
    at.step();
    at.assertInstalled();
    assertThat(at.events.last(SyncEvent.Synced.class).before()).isNull();
  }

  @Test
  void refusalsThatHideOthersAreUncoveredOverSeveralSyncs() {
    int count = 2 * FamilySync.MAX_ROUNDS;
    List<Service> objects = new ArrayList<>(List.of(a));
    for (int i = 0; i < count; i++) {
      Service service = udpService("bad" + i, "10.0.1." + i);
      at.kernel4.refuse(service.key());
      objects.add(service);
    }
    at.kernel4.setNaming(Naming.FIRST);
    at.begin(objects.toArray(Service[]::new));

    assertThat(at.kernel4.calls()).isEqualTo(FamilySync.MAX_ROUNDS);
    assertThat(at.events.of(SyncEvent.Failed.class)).hasSize(1);
    assertThat(at.kernel4.services()).isEmpty();
    for (int retry = 0; retry < 2; retry++) {
      at.clock.advance(LoopFixture.PACING.retryInterval());
      at.step();
    }
    assertThat(at.kernel4.services()).containsOnlyKeys(key("a"));

    at.kernel4.refuseNothing();
    at.settle();
    at.assertInstalled();
  }

  private boolean installed(String service) {
    return at.installed(IpFamily.IPV4).services().get(key(service)) != null;
  }
}
