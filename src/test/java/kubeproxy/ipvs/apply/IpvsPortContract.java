package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kubeproxy.ipvs.apply.IpvsPort.Result;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Observed.RealServer;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.SetEntry.Element;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the mode relies on, of the kernel and of the fake that stands for it in other tests.
abstract class IpvsPortContract {
  private static final Operation LINK = new Operation.MakeLink();
  private static final IpAddress ADDRESS = IpAddress.of("172.30.0.1");
  private static final ServerKey KEY = new ServerKey(ADDRESS, Protocol.TCP, 80);
  private static final Backend FIRST = new Backend(IpAddress.of("10.0.0.1"), 8080);
  private static final Backend SECOND = new Backend(IpAddress.of("10.0.0.2"), 8080);
  private static final Scheduling STICKY = Scheduling.of("mh", 10_800);

  private IpvsPort port;

  /// The port to an empty kernel of IPv4.
  abstract IpvsPort open() throws Exception;

  @BeforeEach
  void openPort() throws Exception {
    port = open();
  }

  @AfterEach
  void closePort() throws Exception {
    port.close();
  }

  private List<Result> apply(Operation... operations) throws Exception {
    return port.apply(List.of(operations));
  }

  private void done(Operation... operations) throws Exception {
    assertThat(apply(operations)).allMatch(Result.Done.class::isInstance);
  }

  private Operation.AddServer server() {
    return new Operation.AddServer(KEY, Scheduling.of("rr", 0));
  }

  @Test
  void whatIsMadeIsReadBack() throws Exception {
    var place = new Element.AddressPort(ADDRESS, Protocol.SCTP, 81);
    List<SetEntry> entries =
        List.of(
            new SetEntry(IpSet.BOUND, new Element.Address(ADDRESS)),
            new SetEntry(IpSet.NODE_PORT_UDP, new Element.Port(30_000)),
            new SetEntry(IpSet.CLUSTER_IP, place),
            new SetEntry(IpSet.LOOP_BACK, new Element.AddressPortAddress(place, ADDRESS)),
            new SetEntry(
                IpSet.LOAD_BALANCER_SOURCE_CIDR,
                new Element.AddressPortNet(place, IpPrefix.of("203.0.113.0/25"))));
    done(Stream.of(IpSet.values()).map(Operation.MakeSet::new).toArray(Operation[]::new));
    done(entries.stream().map(Operation.AddEntry::new).toArray(Operation[]::new));
    done(LINK, new Operation.AddAddress(ADDRESS), new Operation.AddServer(KEY, STICKY));
    done(new Operation.AddBackend(KEY, FIRST), new Operation.AddBackend(KEY, SECOND));
    done(new Operation.Drain(KEY, SECOND));
    Observed observed = port.observe();
    assertThat(observed.link()).isTrue();
    assertThat(observed.bound()).containsExactly(ADDRESS);
    assertThat(observed.ownAddresses()).doesNotContain(ADDRESS);
    assertThat(observed.sets()).containsExactlyInAnyOrder(IpSet.values());
    assertThat(observed.entries()).containsExactlyInAnyOrderElementsOf(entries);
    assertThat(observed.servers()).containsOnlyKeys(KEY);
    assertThat(observed.servers().get(KEY))
        .satisfies(server -> {
          assertThat(server.scheduling()).isEqualTo(STICKY);
          assertThat(server.servers())
              .containsExactlyInAnyOrder(
                  new RealServer(FIRST, 1, true, 0), new RealServer(SECOND, 0, true, 0));
        });
    assertThat(port.realServers(KEY)).hasSize(2);
  }

  @Test
  void whatIsThereOrNotAgainstBeliefIsASurprise() throws Exception {
    done(server(), new Operation.AddBackend(KEY, FIRST));
    ServerKey other = new ServerKey(ADDRESS, Protocol.UDP, 80);
    SetEntry entry = new SetEntry(IpSet.BOUND, new Element.Address(ADDRESS));
    assertThat(
            apply(
                server(),
                new Operation.AddBackend(KEY, FIRST),
                new Operation.Revive(KEY, SECOND),
                new Operation.Drain(KEY, SECOND),
                new Operation.EditServer(other, STICKY),
                new Operation.AddBackend(other, FIRST),
                new Operation.AddAddress(ADDRESS),
                new Operation.AddEntry(entry)))
        .hasSize(8)
        .allMatch(Result.Surprise.class::isInstance);
  }

  @Test
  void toRemoveWhatIsNotThereIsNoError() throws Exception {
    done(
        new Operation.RemoveBackend(KEY, FIRST),
        new Operation.RemoveServer(KEY),
        new Operation.RemoveAddress(ADDRESS),
        new Operation.RemoveEntry(new SetEntry(IpSet.BOUND, new Element.Address(ADDRESS))));
    done(LINK, new Operation.AddAddress(ADDRESS), new Operation.AddAddress(ADDRESS));
    assertThat(port.realServers(KEY)).isEmpty();
  }

  @Test
  void aServerGoesWithItsRealServers() throws Exception {
    done(server(), new Operation.AddBackend(KEY, FIRST));
    done(new Operation.EditServer(KEY, STICKY));
    assertThat(port.observe().servers().values())
        .singleElement()
        .returns(STICKY, Observed.Server::scheduling);
    done(new Operation.RemoveServer(KEY));
    assertThat(port.observe().servers()).isEmpty();
  }
}
