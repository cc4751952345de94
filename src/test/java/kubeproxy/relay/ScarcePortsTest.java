package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.LOOPBACK;
import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When all ephemeral ports are connected to one backend, the kernel refuses to connect to it
/// (`EADDRNOTAVAIL`, connect(2)), though not to others. Of datagrams each takes a port of its own.
@Tag("kernel")
@Timeout(60)
class ScarcePortsTest {
  private static final int EPHEMERAL_PORTS = 10;

  // Neither ephemeral nor anybody else's.
  private static final int FIRST_CLIENT_PORT = 30_000;
  private static final int FIRST_LISTENER_PORT = 10_000;

  private final NetworkNamespace node = NetworkNamespace.create();
  private final List<Socket> clients = new ArrayList<>();
  private int listeners;

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    node.close();
  }

  private interface Scenario {
    void run(RelayFixture relay, Backend one, Backend other) throws IOException;
  }

  private void withTwoBackends(Scenario scenario) throws Exception {
    node.run(() -> {
      try (StreamBackend one = StreamBackend.echo();
          StreamBackend other = StreamBackend.echo();
          RelayFixture relay = new RelayFixture()) {
        // The listeners of the backends are not among these.
        node.exec("sysctl", "-qw", "net.ipv4.ip_local_port_range=20000 20009");
        scenario.run(relay, one.backend(), other.backend());
      }
      return null;
    });
  }

  @Test
  void clientIsResetAndOthersAreServedOn() throws Exception {
    withTwoBackends((relay, one, _) -> {
      RelayPort port = relay.open(Protocol.TCP, one);
      RelayListener listener = listenOutside(port);
      for (int i = 0; i < EPHEMERAL_PORTS; i++) {
        assertThat(echo(connect(listener))).isEqualTo(7);
      }
      Socket late = connect(listener);
      assertThatThrownBy(() -> echo(late)).isInstanceOf(IOException.class);
      eventually(() -> port.counters().active() == EPHEMERAL_PORTS, port::counters);
      assertThat(port.counters().failedDials()).isEqualTo(1);
      assertThat(port.counters().unserved()).isEqualTo(1);
      for (Socket client : clients.subList(0, EPHEMERAL_PORTS)) {
        assertThat(echo(client)).isEqualTo(7);
      }
    });
  }

  @Test
  void anotherBackendIsTried() throws Exception {
    withTwoBackends((relay, one, other) -> {
      RelayListener full = listenOutside(relay.open(Protocol.TCP, one));
      for (int i = 0; i < EPHEMERAL_PORTS; i++) {
        assertThat(echo(connect(full))).isEqualTo(7);
      }
      RelayPort port = relay.open(Protocol.TCP, one, other);
      RelayListener listener = listenOutside(port);
      for (int i = 0; i < EPHEMERAL_PORTS; i++) {
        assertThat(echo(connect(listener))).isEqualTo(7);
      }
      assertThat(port.counters().failedDials()).isPositive();
      assertThat(port.counters().unserved()).isZero();
    });
  }

  @Test
  void newDatagramFlowTakesThePortOfTheOneSilentLongest() throws Exception {
    node.run(() -> {
      try (DatagramBackend backend = new DatagramBackend("");
          RelayFixture relay = new RelayFixture()) {
        node.exec("sysctl", "-qw", "net.ipv4.ip_local_port_range=20000 20009");
        RelayPort port = relay.open(Protocol.UDP, backend.backend());
        RelayListener listener = listenOutside(port);
        for (int i = 0; i < 2 * EPHEMERAL_PORTS; i++) {
          assertThat(askFrom(FIRST_CLIENT_PORT + i, listener.port())).isEqualTo(7);
        }
        assertThat(port.counters().shed()).isEqualTo(EPHEMERAL_PORTS);
        assertThat(port.counters().failedDials()).isZero();
      }
      return null;
    });
  }

  private static int askFrom(int from, int to) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket client = new DatagramSocket(from, loopback)) {
      client.setSoTimeout(20_000);
      client.send(new DatagramPacket(new byte[] {7}, 1, loopback, to));
      DatagramPacket answer = new DatagramPacket(new byte[9], 9);
      client.receive(answer);
      return answer.getData()[0];
    }
  }

  private RelayListener listenOutside(RelayPort port) {
    int number = FIRST_LISTENER_PORT + listeners++;
    return listen(port, new ListenerSpec(LOOPBACK, new PortChoice.Exactly(number)));
  }

  private Socket connect(RelayListener listener) throws IOException {
    Socket socket = new Socket();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    socket.bind(new InetSocketAddress(loopback, FIRST_CLIENT_PORT + clients.size()));
    clients.add(socket);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(loopback, listener.port()));
    return socket;
  }

  private static int echo(Socket socket) throws IOException {
    socket.getOutputStream().write(7);
    return socket.getInputStream().read();
  }
}
