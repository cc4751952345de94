package kubeproxy.kernel.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The oracle is `ipvsadm`: it lists what we write, and we read what it writes.
@Tag("ipvs")
class IpvsTableTest {
  private static final Answer DONE = new Answer.Complete();
  private static final ServerAddress WEB = address(Protocol.TCP, "10.96.0.1", 80);
  private static final ServerAddress WEB6 = address(Protocol.TCP, "fd00:96::1", 80);
  private static final ServerAddress DNS = address(Protocol.UDP, "10.96.0.10", 53);
  private static final ServerAddress DNS6 = address(Protocol.UDP, "fd00:96::a", 53);
  private static final ServerAddress CALLS = address(Protocol.SCTP, "10.96.0.20", 36412);

  private NetworkNamespace namespace;
  private IpvsTable table;

  @BeforeEach
  void open() {
    namespace = NetworkNamespace.create();
    table = namespace.open(() -> IpvsTable.open().orElseThrow());
  }

  @AfterEach
  void close() throws Exception {
    table.close();
    namespace.close();
  }

  @Test
  void ipvsadmListsWhatWeWrite() throws Exception {
    applyAll(
        new IpvsChange.AddServer(VirtualServer.of(WEB, "rr", 0)),
        new IpvsChange.AddServer(VirtualServer.of(DNS, "wlc", VirtualServer.ONE_PACKET)),
        new IpvsChange.AddServer(
            new VirtualServer(CALLS, "lc", VirtualServer.PERSISTENT, 10800, 24)),
        new IpvsChange.AddServer(VirtualServer.of(WEB6, "mh", VirtualServer.HASH_PORT)),
        new IpvsChange.AddServer(new VirtualServer(DNS6, "sh", 0x9, 60, 64)),
        new IpvsChange.AddDestination(WEB, destination("10.244.1.1", 8080, 1)),
        new IpvsChange.AddDestination(
            WEB, new Destination(ip("10.244.1.2"), 80, 0, Forwarding.DIRECT_ROUTE, 20, 10)),
        new IpvsChange.AddDestination(WEB6, destination("fd00:244::1", 8080, 65535)),
        new IpvsChange.AddDestination(
            CALLS, new Destination(ip("10.244.1.3"), 36412, 3, Forwarding.TUNNEL, 0, 0)));
    assertThat(saved())
        .containsExactlyInAnyOrder(
            "-A -t 10.96.0.1:80 -s rr",
            "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1",
            "-a -t 10.96.0.1:80 -r 10.244.1.2:80 -g -w 0",
            "-A -u 10.96.0.10:53 -s wlc -o",
            "-A --sctp-service 10.96.0.20:36412 -s lc -p 10800 -M 255.255.255.0",
            "-a --sctp-service 10.96.0.20:36412 -r 10.244.1.3:36412 -i -w 3 --tun-type ipip",
            "-A -t [fd00:96::1]:80 -s mh -b mh-port",
            "-a -t [fd00:96::1]:80 -r [fd00:244::1]:8080 -m -w 65535",
            "-A -u [fd00:96::a]:53 -s sh -p 60 -M 64 -b sh-fallback");
    assertThat(namespace.exec("ipvsadm", "-L", "-n", "--thresholds"))
        .containsPattern("10.244.1.2:80 +20 +10 ");
  }

  @Test
  void weReadWhatIpvsadmWrites() throws Exception {
    restore(
        "-A -t 10.96.0.1:80 -s rr -p 300 -M 255.255.255.0",
        "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1",
        "-a -t 10.96.0.1:80 -r 10.244.1.2:80 -g -w 0 -x 20 -y 10",
        "-A -u 10.96.0.10:53 -s wlc -o",
        "-A --sctp-service 10.96.0.20:36412 -s lc",
        "-A -t [fd00:96::1]:80 -s mh -b mh-port",
        "-a -t [fd00:96::1]:80 -r [fd00:244::1]:8080 -m -w 7",
        "-A -u [fd00:96::a]:53 -s sh -p 60 -M 64 -b sh-fallback");
    assertThat(table.servers())
        .containsExactlyInAnyOrder(
            new VirtualServer(WEB, "rr", VirtualServer.PERSISTENT, 300, 24),
            VirtualServer.of(DNS, "wlc", VirtualServer.ONE_PACKET),
            VirtualServer.of(CALLS, "lc", 0),
            VirtualServer.of(WEB6, "mh", VirtualServer.HASH_PORT),
            new VirtualServer(DNS6, "sh", 0x9, 60, 64));
    assertThat(table.destinations(WEB))
        .containsExactlyInAnyOrder(
            new DestinationUse(destination("10.244.1.1", 8080, 1), 0, 0, 0),
            new DestinationUse(
                new Destination(ip("10.244.1.2"), 80, 0, Forwarding.DIRECT_ROUTE, 20, 10),
                0,
                0,
                0));
    assertThat(table.destinations(WEB6))
        .containsExactly(new DestinationUse(destination("fd00:244::1", 8080, 7), 0, 0, 0));
    assertThat(table.destinations(DNS)).isEmpty();
    assertThat(table.destinations(address(Protocol.TCP, "10.96.0.99", 1))).isEmpty();
  }

  @Test
  void whatWeReadIsWhatWeWrote() throws Exception {
    VirtualServer server = VirtualServer.of(WEB6, "wrr", 0).persistent(86400);
    Destination destination = destination("fd00:244::1", 65535, 2);
    applyAll(new IpvsChange.AddServer(server), new IpvsChange.AddDestination(WEB6, destination));
    assertThat(table.servers()).containsExactly(server);
    assertThat(table.destinations(WEB6)).containsExactly(new DestinationUse(destination, 0, 0, 0));
  }

  @Test
  void serversAndDestinationsAreEditedInPlace() throws Exception {
    restore(
        "-A -t 10.96.0.1:80 -s rr -p 300",
        "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1",
        "-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1");
    applyAll(
        new IpvsChange.EditServer(VirtualServer.of(WEB, "lc", 0)),
        new IpvsChange.EditDestination(WEB, destination("10.244.1.1", 8080, 1).withWeight(0)));
    assertThat(saved())
        .containsExactlyInAnyOrder(
            "-A -t 10.96.0.1:80 -s lc",
            "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 0",
            "-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1");
  }

  @Test
  void whatIsDeletedIsGoneAndTheRestStays() throws Exception {
    restore(
        "-A -t 10.96.0.1:80 -s rr",
        "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1",
        "-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1",
        "-A -u 10.96.0.10:53 -s rr",
        "-A -t [fd00:96::1]:80 -s rr");
    applyAll(
        new IpvsChange.DeleteDestination(WEB, ip("10.244.1.1"), 8080),
        new IpvsChange.DeleteServer(DNS),
        new IpvsChange.DeleteServer(WEB6));
    assertThat(saved())
        .containsExactlyInAnyOrder(
            "-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1");
  }

  @Test
  void refusalsNameTheirErrorInOrder() throws Exception {
    Destination one = destination("10.244.1.1", 8080, 1);
    List<Answer> answers =
        table.apply(
            List.of(
                new IpvsChange.AddServer(VirtualServer.of(WEB, "rr", 0)),
                new IpvsChange.AddServer(VirtualServer.of(WEB, "rr", 0)),
                new IpvsChange.AddServer(VirtualServer.of(DNS, "nosuch", 0)),
                new IpvsChange.EditServer(VirtualServer.of(WEB, "nosuch", 0)),
                new IpvsChange.EditServer(VirtualServer.of(DNS, "rr", 0)),
                new IpvsChange.DeleteServer(DNS),
                new IpvsChange.AddDestination(WEB, one),
                new IpvsChange.AddDestination(WEB, one),
                new IpvsChange.AddDestination(DNS, one),
                new IpvsChange.EditDestination(WEB, destination("10.244.1.9", 1, 1)),
                new IpvsChange.DeleteDestination(WEB, ip("10.244.1.9"), 1),
                new IpvsChange.DeleteDestination(DNS, ip("10.244.1.9"), 1)));
    assertThat(names(answers))
        .containsExactly(
            "", "EEXIST", "ENOENT", "ENOENT", "ESRCH", "ESRCH", "", "EEXIST", "ESRCH", "ENOENT",
            "ENOENT", "ESRCH");
  }

  @Test
  void oneBadChangeAmongThousandsIsNamedAndTheOthersAreDone() throws Exception {
    List<IpvsChange> changes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      ServerAddress address = address(Protocol.TCP, "10.97." + i / 250 + "." + i % 250, 80);
      changes.add(new IpvsChange.AddServer(VirtualServer.of(address, "rr", 0)));
    }
    changes.set(1500, changes.get(1499));
    List<Answer> answers = table.apply(changes);
    assertThat(answers).hasSize(3000);
    assertThat(names(answers.subList(1500, 1501))).containsExactly("EEXIST");
    assertThat(answers.stream().filter(DONE::equals).count()).isEqualTo(2999);
    assertThat(table.servers()).hasSize(2999);
    assertThat(saved()).hasSize(2999);
  }

  @Test
  void thousandsOfRefusalsAreAllNamed() throws Exception {
    List<IpvsChange> changes = new ArrayList<>();
    for (int i = 1; i <= 5000; i++) {
      changes.add(new IpvsChange.DeleteServer(address(Protocol.UDP, "10.96.0.1", i)));
    }
    assertThat(names(table.apply(changes))).hasSize(5000).containsOnly("ESRCH");
  }

  @Test
  void timeoutsAreSetAndThoseOfZeroStay() throws Exception {
    namespace.exec("ipvsadm", "--set", "800", "90", "200");
    assertThat(table.timeouts()).isEqualTo(new Timeouts(800, 90, 200));
    assertThat(table.setTimeouts(new Timeouts(900, 0, 300))).isEmpty();
    assertThat(namespace.exec("ipvsadm", "-L", "--timeout"))
        .contains("Timeout (tcp tcpfin udp): 900 90 300");
  }

  @Test
  void impossibleTimeoutsAreRefused() throws Exception {
    Optional<NetlinkError> refusal = table.setTimeouts(new Timeouts(Integer.MAX_VALUE, 0, 0));
    assertThat(refusal.map(NetlinkError::name)).hasValue(Errno.EINVAL.name());
  }

  @Test
  void askingForSchedulersChangesNothing() throws Exception {
    String modules = namespace.exec("find", "/lib/modules/", "-follow", "-name", "ip_vs_*.ko");
    List<String> there =
        Schedulers.KNOWN.stream()
            .filter(name -> modules.contains("ip_vs_" + name + ".ko"))
            .toList();
    assertThat(there).contains("rr", "wrr", "sh", "mh");
    assertThat(Schedulers.offered(table)).isEqualTo(there);
    assertThat(table.offers("rr")).isTrue();
    assertThat(table.offers("nosuch")).isFalse();
    assertThat(table.offers("")).isFalse();
    assertThat(table.offers("a-name-too-long-for-any")).isFalse();
    assertThat(saved()).isEmpty();
  }

  @Test
  void serversOfFirewallMarksAreNobodysBusiness() throws Exception {
    restore("-A -f 7 -s rr", "-A -t 10.96.0.1:80 -s rr");
    assertThat(table.servers()).containsExactly(VirtualServer.of(WEB, "rr", 0));
  }

  @Test
  void theKernelTellsItsVersion() throws Exception {
    IpvsInfo info = table.info();
    assertThat(namespace.exec("ipvsadm", "-L", "-n"))
        .contains("version " + info.version() + " (size=" + info.connectionTableSize() + ")");
  }

  private void applyAll(IpvsChange... changes) throws Exception {
    assertThat(table.apply(List.of(changes))).containsOnly(DONE);
  }

  private void restore(String... lines) {
    namespace.execWithInput(String.join("\n", lines) + "\n", "ipvsadm", "-R");
  }

  private List<String> saved() {
    return namespace.exec("ipvsadm", "-S", "-n").lines().map(String::strip).toList();
  }

  private static List<String> names(List<Answer> answers) {
    return answers.stream()
        .map(answer ->
            answer instanceof Answer.Refused(NetlinkError error)
                ? error.name()
                : answer.equals(DONE) ? "" : answer.toString())
        .toList();
  }

  private static IpAddress ip(String text) {
    return IpAddress.of(text);
  }

  private static ServerAddress address(Protocol protocol, String address, int port) {
    return new ServerAddress(protocol, ip(address), port);
  }

  private static Destination destination(String address, int port, int weight) {
    return Destination.masqueraded(ip(address), port, weight);
  }
}
