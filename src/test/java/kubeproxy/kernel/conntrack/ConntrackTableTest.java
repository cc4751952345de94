package kubeproxy.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.conntrack.ConntrackTable.Deletion;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("kernel")
@Timeout(120)
final class ConntrackTableTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int IPS_SEEN_REPLY = 1 << 1;
  private static final int IPS_DST_NAT = 1 << 5;

  private NetworkNamespace namespace;
  private ConntrackTable table;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
    // Connections are tracked in a namespace from its first rule that asks for them.
    namespace.exec("nft", "add table inet t");
    namespace.exec("nft", "add chain inet t nat { type nat hook output priority -100 ; }");
    namespace.exec("nft", "add rule inet t nat ct state invalid counter");
    namespace.exec("nft", "add chain inet t zones { type filter hook output priority -300 ; }");
    table = namespace.run(ConntrackTable::open);
  }

  @AfterEach
  void close() throws Exception {
    table.close();
    namespace.close();
  }

  @Test
  void udpFlowsOfTheFamilyAreVisitedAndNothingElse() throws Exception {
    openTcp();
    int source4 = send("127.0.0.1", 5353);
    int source6 = send("::1", 5354);
    assertThat(flows(IpFamily.IPV4))
        .singleElement()
        .satisfies(flow -> {
          assertThat(flow.original()).isEqualTo(tuple("127.0.0.1", source4, "127.0.0.1", 5353));
          assertThat(flow.reply()).isEqualTo(tuple("127.0.0.1", 5353, "127.0.0.1", source4));
          assertThat(flow.status() & IPS_SEEN_REPLY).isZero();
        });
    assertThat(flows(IpFamily.IPV6))
        .singleElement()
        .extracting(Flow::original)
        .isEqualTo(tuple("::1", source6, "::1", 5354));
  }

  @Test
  void theReplyOfATranslatedFlowComesFromItsEndpoint() throws Exception {
    namespace.exec(
        "nft", "add rule inet t nat ip daddr 127.1.1.1 udp dport 53 dnat ip to 127.2.2.2:5353");
    int source = send("127.1.1.1", 53);
    Flow flow = flows(IpFamily.IPV4).getFirst();
    assertThat(flow.original()).isEqualTo(tuple("127.0.0.1", source, "127.1.1.1", 53));
    assertThat(flow.reply()).isEqualTo(tuple("127.2.2.2", 5353, "127.0.0.1", source));
    assertThat(flow.status() & IPS_DST_NAT).isNotZero();
  }

  @Test
  void oneFlowIsDeletedAndTheOthersStay() throws Exception {
    send("127.0.0.1", 5001);
    send("127.0.0.1", 5002);
    send("::1", 5003);
    Flow first = flow(IpFamily.IPV4, 5001);
    assertThat(table.delete(first)).isEqualTo(new Deletion.Deleted());
    assertThat(ports(IpFamily.IPV4)).containsExactly(5002);
    assertThat(ports(IpFamily.IPV6)).containsExactly(5003);
    assertThat(table.delete(flow(IpFamily.IPV6, 5003))).isEqualTo(new Deletion.Deleted());
    assertThat(ports(IpFamily.IPV6)).isEmpty();
    assertThat(table.delete(first)).isEqualTo(new Deletion.Absent());
    assertThat(ports(IpFamily.IPV4)).containsExactly(5002);
  }

  @Test
  void aLaterFlowOfTheSameTupleStays() throws Exception {
    send("127.0.0.1", 5001);
    Flow seen = flow(IpFamily.IPV4, 5001);
    Flow later = new Flow(seen.original(), seen.reply(), seen.status(), seen.zone(), seen.id() + 1);
    assertThat(table.delete(later)).isEqualTo(new Deletion.Absent());
    assertThat(ports(IpFamily.IPV4)).containsExactly(5001);
  }

  @Test
  void flowsOfAnotherZoneAreDeletedInIt() throws Exception {
    namespace.exec("nft", "add rule inet t zones udp dport 5001 ct zone set 7");
    send("127.0.0.1", 5001);
    Flow flow = flow(IpFamily.IPV4, 5001);
    assertThat(flow.zone()).isEqualTo(7);
    assertThat(table.delete(flow)).isEqualTo(new Deletion.Deleted());
    assertThat(ports(IpFamily.IPV4)).isEmpty();
  }

  @Test
  void tensOfThousandsOfFlowsAreVisitedOnceEach() throws Exception {
    int flows = 20_000;
    namespace.run(() -> {
      try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
        for (int i = 0; i < flows; i++) {
          channel.send(ByteBuffer.allocate(1), new InetSocketAddress(LOOPBACK, 10_000 + i));
        }
      }
      return null;
    });
    List<Integer> ports = ports(IpFamily.IPV4);
    assertThat(ports).doesNotHaveDuplicates().hasSize(flows);
  }

  private void openTcp() throws Exception {
    namespace.run(() -> {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(LOOPBACK, 0));
        SocketChannel.open(server.getLocalAddress()).close();
      }
      return null;
    });
    assertThat(namespace.exec("conntrack", "-L", "-p", "tcp")).contains("tcp");
  }

  // Sends a datagram and returns the port it came from.
  private int send(String address, int port) throws Exception {
    InetSocketAddress destination = new InetSocketAddress(InetAddress.ofLiteral(address), port);
    return namespace.run(() -> {
      try (DatagramChannel channel =
          DatagramChannel.open(
              address.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET)) {
        channel.send(ByteBuffer.allocate(1), destination);
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
      }
    });
  }

  private List<Flow> flows(IpFamily family) throws Exception {
    List<Flow> flows = new ArrayList<>();
    assertThat(table.forEachUdp(family, flow -> flows.add(flow.toFlow())))
        .isEqualTo(new Answer.Complete());
    return flows;
  }

  private Flow flow(IpFamily family, int destinationPort) throws Exception {
    return flows(family).stream()
        .filter(flow -> flow.original().destinationPort() == destinationPort)
        .findFirst()
        .orElseThrow();
  }

  private List<Integer> ports(IpFamily family) throws Exception {
    return flows(family).stream().map(flow -> flow.original().destinationPort()).toList();
  }

  private static Flow.Tuple tuple(
      String source, int sourcePort, String destination, int destinationPort) {
    return new Flow.Tuple(
        IpAddress.of(source), sourcePort, IpAddress.of(destination), destinationPort);
  }
}
