package kubeproxy.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.conformance.UserspaceMode.Portals;
import kubeproxy.engine.SyncEvent;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.net.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// SCTP through the `userspace` mode, in a kernel that has it. Where the kernel has none, the suite
/// holds the mode to that.
@Tag("ipvs")
@Timeout(120)
class UserspaceSctpTest {
  private static final IpAddress ENDPOINT = IpAddress.of("10.180.0.1");
  private static final IpAddress SERVICE = IpAddress.of("172.30.0.45");
  private static final int PORT = 53;

  private static final List<String> DOCUMENTS =
      List.of(
          """
          apiVersion: v1
          kind: Service
          metadata: {namespace: ns1, name: sctp}
          spec:
            clusterIP: 172.30.0.45
            ports: [{name: s, port: 53, protocol: SCTP}]
          """,
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {namespace: ns1, name: sctp-1, labels: {kubernetes.io/service-name: sctp}}
          addressType: IPv4
          ports: [{name: s, port: 53, protocol: SCTP}]
          endpoints: [{addresses: [10.180.0.1]}]
          """);

  private final TestNode node = new TestNode();

  @AfterEach
  void close() throws Exception {
    node.namespace().run(() -> new IptablesCleanup(Programs.ofHost()).cleanUp());
    node.close();
  }

  private static InetSocketAddress socketAddress(IpAddress address, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
  }

  private static NetworkNamespace owner(IpAddress address) {
    return Topology.get().owner(address).orElseThrow();
  }

  @Test
  void messagesReachTheEndpointAndAnswersTheClient() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy(UserspaceMode.opener(Portals.IPTABLES_LEGACY));
        SctpServerChannel server = owner(ENDPOINT).run(SctpServerChannel::open)) {
      server.bind(socketAddress(ENDPOINT, PORT));
      List<String> documents = new ArrayList<>(TestNode.documents());
      documents.addAll(DOCUMENTS);
      proxy.apply(documents);
      assertThat(proxy.events())
          .noneMatch(event ->
              event instanceof SyncEvent.ProblemsChanged changed
                  && changed.appeared().toString().contains("SCTP"));
      try (SctpChannel client = owner(TestNode.POD).run(() -> SctpChannel.open())) {
        client.bind(socketAddress(TestNode.POD, 0));
        client.connect(socketAddress(SERVICE, PORT));
        client.send(text("question"), MessageInfo.createOutgoing(null, 1));
        try (SctpChannel accepted = server.accept()) {
          assertThat(receive(accepted)).isEqualTo("question");
          accepted.send(text("answer"), MessageInfo.createOutgoing(null, 2));
          assertThat(receive(client)).isEqualTo("answer");
        }
      }
    }
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static String receive(SctpChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    channel.receive(buffer, null, null);
    buffer.flip();
    return US_ASCII.decode(buffer).toString();
  }
}
