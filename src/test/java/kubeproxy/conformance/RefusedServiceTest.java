package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import kubeproxy.engine.Inbox;
import kubeproxy.engine.SetAsideService;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncLoop;
import kubeproxy.engine.SyncMember;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.nftables.apply.NftablesPort;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.Planner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A Service that the kernel itself refuses must not keep others from being served.
@Tag("kernel")
class RefusedServiceTest {
  private static final ObjectKey BROKEN = new ObjectKey("ns1", "balanced");

  private final TestNode node = new TestNode();
  private final List<SyncEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void theOthersAreServedAndItComesBackWhenItsElementsAreRight() throws Exception {
    Inbox inbox = new Inbox();
    Inbox.Source objects = inbox.register("test");
    try (var session = node.namespace().run(NetlinkNftables::openSession)) {
      var port = new CorruptingPort(new NetlinkNftables(session, IpFamily.IPV4));
      try (SyncLoop loop = loop(inbox, port)) {
        loop.start();
        port.corrupting = true;
        objects.putFacts(new NodeFacts(List.of()));
        long position =
            objects.put(ClusterDelta.ofPut(ProxyUnderTest.decode(TestNode.documents()).values()));
        objects.markSynced();

        assertThat(loop.awaitInstalledPosition(position, TestNode.PATIENCE)).isTrue();
        assertThat(setAside(loop)).containsExactly(BROKEN);
        assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
        assertThat(node.isServed(TestNode.POD, TestNode.BALANCED)).isFalse();
        assertThat(node.isServed(TestNode.OUTSIDE, TestNode.BALANCER)).isFalse();
        assertThat(events)
            .filteredOn(SyncEvent.SetAside.class::isInstance)
            .first()
            .asString()
            .contains("firewall-sources");

        port.corrupting = false;
        TestNode.await("nothing set aside", () -> setAside(loop).isEmpty());
        assertThat(node.isServed(TestNode.POD, TestNode.BALANCED)).isTrue();
        assertThat(node.isServed(TestNode.OUTSIDE, TestNode.BALANCER)).isTrue();
      }
    }
    node.expectNothingToRepair(List.of(IpFamily.IPV4));
  }

  private SyncLoop loop(Inbox inbox, NftablesPort port) {
    var planner = new Planner(ProxyUnderTest.planConfig(TestNode.OPTIONS, IpFamily.IPV4));
    var dataplane = new NftablesDataplane(port, IpFamily.IPV4, NftablesMode.MASQUERADE_MARK);
    var member = new SyncMember(planner::update, dataplane, ProxyUnderTest.PACING);
    long origin = System.nanoTime();
    return new SyncLoop(
        inbox,
        List.of(member),
        events::add,
        (thread, cause) -> events.add(new SyncEvent.Failed(IpFamily.IPV4, cause.toString(), 0)),
        () -> System.nanoTime() - origin);
  }

  private static List<ObjectKey> setAside(SyncLoop loop) {
    return loop.status().values().stream()
        .flatMap(status -> status.setAside().stream())
        .map(SetAsideService::service)
        .toList();
  }

  /// The real kernel, that is asked for a range that ends before it begins in place of every range
  /// of source addresses.
  private static final class CorruptingPort implements NftablesPort {
    private final NftablesPort kernel;
    private volatile boolean corrupting;

    CorruptingPort(NftablesPort kernel) {
      this.kernel = kernel;
    }

    @Override
    public CommitResult commit(Transaction transaction) {
      if (!corrupting) {
        return kernel.commit(transaction);
      }
      Stream<Operation> operations = transaction.operations().stream().map(this::corrupted);
      return kernel.commit(new Transaction(transaction.family(), operations.toList()));
    }

    private Operation corrupted(Operation operation) {
      return operation instanceof Operation.PutElement(ObjectKey owner, Element element)
              && element.set() == NamedSet.FIREWALL_SOURCES
              && element.keyEnd() != null
          ? new Operation.PutElement(
              owner,
              new Element(
                  element.set(),
                  element.keyEnd(),
                  element.key(),
                  element.value(),
                  element.comment()))
          : operation;
    }

    @Override
    public Observed observe() throws IOException {
      return kernel.observe();
    }

    @Override
    public List<Element> learned(NamedSet set) throws IOException {
      return kernel.learned(set);
    }

    @Override
    public void forget(List<Element> elements) throws IOException {
      kernel.forget(elements);
    }

    @Override
    public void close() {
      kernel.close();
    }
  }
}
