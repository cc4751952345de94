package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.serviceId;
import static kubeproxy.testing.Cluster.udpService;
import static kubeproxy.testing.Cluster.udpSlice;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodeFacts;
import kubeproxy.testing.EventLog;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeFlows;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.TinyPlanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The loop and the cleaner on their real threads with the real clock.
@Timeout(30)
class SyncThreadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long START = System.nanoTime();

  private final FakeKernel kernel = new FakeKernel(IpFamily.IPV4);
  private final FakeDataplane dataplane = new FakeDataplane(kernel);
  private final EventLog events = new EventLog();
  private final FakeFlows flows = new FakeFlows();
  private final Inbox inbox = new Inbox();
  private final Inbox.Source services = inbox.register("services");
  private final Inbox.Source addresses = inbox.register("addresses");
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private final CompletableFuture<SyncEvent.FlowsCleaned> cleaned = new CompletableFuture<>();
  private final FlowCleaner<FakeFlows.Entry> cleaner =
      new FlowCleaner<>(flows, this::noteCleaned, SyncThreadTest::now);
  private final SyncLoop loop =
      new SyncLoop(
          inbox,
          List.of(
              new SyncMember(
                  new TinyPlanner(IpFamily.IPV4),
                  dataplane,
                  new SyncPacing(Duration.ofMillis(20), Duration.ofMillis(50)))),
          SyncObserver.all(List.of(events, cleaner)),
          (thread, cause) -> fault.complete(cause),
          SyncThreadTest::now);

  private static long now() {
    return System.nanoTime() - START;
  }

  private void noteCleaned(SyncEvent event) {
    if (event instanceof SyncEvent.FlowsCleaned one) {
      cleaned.complete(one);
    }
  }

  @AfterEach
  void close() {
    loop.close();
    cleaner.close();
    assertThat(dataplane.isClosed() || fault.isDone()).isTrue();
  }

  @Test
  void whatIsPutIsInstalled() throws InterruptedException, ExecutionException {
    flows.add(IpAddress.of("10.0.0.1"), 53, IpAddress.of("10.1.0.9"), 5353);
    cleaner.start((thread, cause) -> fault.complete(cause));
    loop.start();
    services.put(
        ClusterDelta.ofPut(
            List.of(udpService("a", "10.0.0.1"), udpSlice(IpFamily.IPV4, "a", "10.1.0.1"))));
    services.markSynced();
    addresses.putFacts(new NodeFacts(List.of(IpAddress.of("192.0.2.1"))));
    addresses.markSynced();

    assertThat(loop.awaitInstalled(1, PATIENCE)).isTrue();
    assertThat(cleaned.get().report().deleted()).isEqualTo(1);
    long position = 0;
    for (int i = 0; i < 500; i++) {
      services.put(ClusterDelta.ofPut(List.of(udpService("b" + i, "10.0.1." + i % 250))));
      position = services.put(ClusterDelta.ofRemoved(List.of(serviceId("b" + i / 2))));
    }
    assertThat(loop.awaitInstalledPosition(position, PATIENCE)).isTrue();
    assertThat(kernel.services()).hasSize(251).containsKeys(key("a"), key("b499"));
    assertThat(fault.isDone()).isFalse();
  }

  @Test
  void aFailureIsRetriedWithoutAnyEvent() throws InterruptedException {
    kernel.setFaults(call -> call <= 2 ? FakeKernel.Fault.REJECT : FakeKernel.Fault.NONE);
    loop.start();
    long position = services.put(ClusterDelta.ofPut(List.of(udpService("a", "10.0.0.1"))));
    services.markSynced();
    addresses.markSynced();

    assertThat(loop.awaitInstalledPosition(position, PATIENCE)).isTrue();
    assertThat(kernel.calls()).isEqualTo(3);
  }

  @Test
  void anErrorOfTheProgramEndsTheLoopAndIsHandedOver()
      throws InterruptedException, ExecutionException {
    dataplane.setDuringSync(() -> {
      throw new IllegalStateException("a bug");
    });
    loop.start();
    services.markSynced();
    addresses.markSynced();

    assertThat(fault.get()).hasMessage("a bug");
    assertThat(loop.awaitInstalled(0, PATIENCE)).isFalse();
  }

  @Test
  void closingEndsALoopThatWaits() throws InterruptedException {
    loop.start();
    assertThat(loop.awaitInstalled(0, Duration.ZERO)).isFalse();
  }
}
