package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatagramRelayTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1000);

  /// No socket may connect to it that was not allowed to broadcast.
  private static final Backend NO_WAY = new Backend(IpAddress.of("255.255.255.255"), 9);

  private final RelayFixture relay =
      new RelayFixture(new RelayLimits(2, 10, 1 << 20, 3, 10), TIMEOUT);
  private final List<DatagramSocket> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(DatagramSocket::close);
    relay.close();
  }

  @Test
  void carriesDatagramsOfAnySizeInTheirOrder() throws IOException {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    Random random = new Random(seed);
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      DatagramSocket client = client(listen(port).port());
      long total = 0;
      for (int round = 0; round < 50; round++) {
        int usual = random.nextInt(1, 1 << random.nextInt(1, 14));
        List<byte[]> burst = new ArrayList<>();
        for (int i = 0; i < random.nextInt(1, 12); i++) {
          byte[] datagram =
              new byte[random.nextInt(4) > 0 ? usual : random.nextInt(1, 2 * usual + 1)];
          random.nextBytes(datagram);
          burst.add(datagram);
          total += datagram.length;
          client.send(new DatagramPacket(datagram, datagram.length));
        }
        for (byte[] datagram : burst) {
          assertThat(Arrays.equals(receive(client), datagram)).as("seed %s", seed).isTrue();
        }
      }
      byte[] longest = new byte[65_507];
      client.send(new DatagramPacket(longest, longest.length));
      assertThat(receive(client)).isEqualTo(longest);
      long all = total + longest.length;
      eventually(() -> port.counters().bytesOut() == all, port::counters);
      assertThat(port.counters()).isEqualTo(new RelayCounters(1, 1, all, all, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void carriesDatagramsWithNothingInThem() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("name");
        DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      int number = listen(relay.open(Protocol.UDP, backend.backend())).port();
      client.setSoTimeout(20_000);
      // A socket of Java that is connected would not send them.
      InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
      client.send(new DatagramPacket(new byte[0], 0, to));
      assertThat(receive(client)).hasSize("name".length());
    }
  }

  @Test
  void eachClientHasAFlowUntilItIsSilentForTooLong() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      int number = listen(port).port();
      DatagramSocket first = client(number);
      DatagramSocket second = client(number);
      assertThat(ask(first)).isEqualTo("?");
      assertThat(ask(second)).isEqualTo("?");
      assertThat(backend.clients()).isEqualTo(2);
      relay.advance(TIMEOUT.minusSeconds(100));
      assertThat(ask(first)).isEqualTo("?");
      relay.advance(Duration.ofSeconds(200));
      // Any event has the loop look at its clock.
      assertThat(ask(first)).isEqualTo("?");
      eventually(() -> port.counters().active() == 1, port::counters);
      relay.advance(TIMEOUT.plusSeconds(1));
      port.update(BackendChoice.roundRobin(List.of(backend.backend())));
      eventually(() -> port.counters().active() == 0, port::counters);
      assertThat(relay.relay().use().udpFlows()).isZero();
      assertThat(ask(second)).isEqualTo("?");
      assertThat(port.counters().connections()).isEqualTo(3);
    }
  }

  @Test
  void flowsMoveWhenTheirBackendGoesAndNotWhileItDrains() throws IOException {
    try (DatagramBackend one = new DatagramBackend("one");
        DatagramBackend two = new DatagramBackend("two")) {
      RelayPort port = relay.open(Protocol.UDP, one.backend());
      RelayListener listener = listen(port);
      DatagramSocket client = client(listener.port());
      assertThat(ask(client)).isEqualTo("one?");
      port.update(BackendChoice.roundRobin(List.of(one.backend(), two.backend())));
      assertThat(ask(client)).isEqualTo("one?");
      port.update(new BackendChoice(List.of(two.backend()), 0, List.of(one.backend())));
      assertThat(ask(client)).isEqualTo("one?");
      assertThat(ask(client(listener.port()))).isEqualTo("two?");
      assertThat(port.counters().active()).isEqualTo(2);
      port.update(BackendChoice.roundRobin(List.of(two.backend())));
      eventually(() -> port.counters().active() == 1, port::counters);
      assertThat(ask(client)).isEqualTo("two?");
      port.update(BackendChoice.roundRobin(List.of()));
      eventually(() -> port.counters().active() == 0, port::counters);
      send(client, "lost");
      eventually(() -> port.counters().unserved() == 1, port::counters);
    }
  }

  @Test
  void flowLeavesABackendWhereNobodyListens() throws IOException {
    try (DatagramBackend living = new DatagramBackend("living")) {
      Backend dead = nobody();
      RelayPort port =
          relay.open(Protocol.UDP, new BackendChoice(List.of(dead, living.backend()), 100));
      int number = listen(port).port();
      for (int i = 0; i < 2; i++) {
        DatagramSocket client = client(number);
        client.setSoTimeout(50);
        String answer = "";
        for (int tries = 0; tries < 100 && answer.isEmpty(); tries++) {
          try {
            answer = ask(client);
          } catch (SocketTimeoutException _) {
            // The first one told the relay that nobody is there.
          }
        }
        assertThat(answer).isEqualTo("living?");
      }
      assertThat(port.counters().failedDials()).isPositive();
    }
  }

  @Test
  void flowKeepsItsOnlyBackendThoughNobodyListensThere() throws IOException {
    RelayPort port = relay.open(Protocol.UDP, nobody());
    DatagramSocket client = client(listen(port).port());
    send(client, "lost");
    eventually(() -> port.counters().failedDials() > 0, port::counters);
    assertThat(port.counters().active()).isEqualTo(1);
  }

  @Test
  void flowPassesByBackendsThatTheKernelHasNoWayTo() throws IOException {
    try (DatagramBackend living = new DatagramBackend("living")) {
      RelayPort port =
          relay.open(Protocol.UDP, new BackendChoice(List.of(NO_WAY, living.backend()), 100));
      int number = listen(port).port();
      assertThat(ask(client(number))).isEqualTo("living?");
      assertThat(ask(client(number))).isEqualTo("living?");
    }
  }

  @Test
  void flowThatFindsNoOtherBackendHurtsNobody() throws IOException {
    try (DatagramBackend living = new DatagramBackend("living")) {
      RelayPort served = relay.open(Protocol.UDP, living.backend());
      List<Integer> others = List.of(listen(served).port(), listen(served).port());
      // Each loop has another flow.
      for (int other : others) {
        ask(client(other));
      }
      BackendChoice useless = BackendChoice.roundRobin(List.of(nobody(), NO_WAY));
      RelayPort port = relay.open(Protocol.UDP, useless);
      DatagramSocket client = client(listen(port).port());
      send(client, "lost");
      eventually(() -> port.counters().failedDials() > 1, port::counters);
      relay.advance(TIMEOUT.plusSeconds(1));
      // Any event has the loop look at its clock.
      port.update(useless);
      eventually(() -> port.counters().active() == 0, port::counters);
      for (int other : others) {
        assertThat(ask(client(other))).isEqualTo("living?");
      }
    }
  }

  @Test
  void newFlowTakesThePlaceOfTheOneSilentLongest() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      int number = listen(port).port();
      List<DatagramSocket> four =
          List.of(client(number), client(number), client(number), client(number));
      ask(four.get(0));
      ask(four.get(1));
      ask(four.get(2));
      ask(four.get(0));
      ask(four.get(3));
      assertThat(port.counters().shed()).isEqualTo(1);
      assertThat(relay.relay().use().udpFlows()).isEqualTo(3);
      ask(four.get(0));
      ask(four.get(2));
      assertThat(port.counters().connections()).isEqualTo(4);
      ask(four.get(1));
      assertThat(port.counters().connections()).isEqualTo(5);
    }
  }

  @Test
  void answersComeFromTheAddressThatWasAsked() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      ListenerSpec all =
          new ListenerSpec(IpAddress.of("::"), new PortChoice.AnyFree(), true, List.of());
      int number = listen(port, all).port();
      int ipv4 =
          listen(port, new ListenerSpec(IpAddress.of("0.0.0.0"), new PortChoice.AnyFree())).port();
      // These sockets are connected, so they hear only whom they asked.
      assertThat(ask(client("127.0.0.7", number))).isEqualTo("?");
      assertThat(ask(client("::1", number))).isEqualTo("?");
      assertThat(ask(client("127.0.0.9", ipv4))).isEqualTo("?");
    }
  }

  @Test
  void otherFamilyBehindTheListener() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("::1", "six")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      assertThat(ask(client(listen(port).port()))).isEqualTo("six?");
    }
  }

  @Test
  void sourcesThatAreNotAllowedAreDropped() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      ListenerSpec others =
          new ListenerSpec(
              RelayFixture.LOOPBACK,
              new PortChoice.AnyFree(),
              false,
              List.of(IpPrefix.of("127.1.0.0/16")));
      send(client(listen(port, others).port()), "?");
      eventually(() -> port.counters().refusedSources() == 1, port::counters);
      assertThat(port.counters().connections()).isZero();
    }
  }

  @Test
  void closingTheListenerEndsItsFlows() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      RelayListener listener = listen(port);
      ask(client(listener.port()));
      listener.close();
      assertThat(port.counters().active()).isZero();
      Set<Integer> ports = new HashSet<>();
      ports.add(
          listen(
                  port,
                  new ListenerSpec(RelayFixture.LOOPBACK, new PortChoice.Exactly(listener.port())))
              .port());
      assertThat(ports).containsExactly(listener.port());
    }
  }

  @Test
  void listenerThatWasAbandonedTakesNothingFromOthersWhenItIsClosed() throws IOException {
    try (DatagramBackend backend = new DatagramBackend("")) {
      RelayPort port = relay.open(Protocol.UDP, backend.backend());
      DatagramListener faulty = (DatagramListener) listen(port);
      faulty.loop().events().call(faulty::abandon);
      // One of these gets its descriptor, and one its number in the loop.
      List<RelayListener> others = List.of(listen(port), listen(port));
      faulty.close();
      for (RelayListener other : others) {
        assertThat(ask(client(other.port()))).isEqualTo("?");
      }
    }
  }

  private static Backend nobody() throws IOException {
    try (DatagramBackend gone = new DatagramBackend("gone")) {
      return gone.backend();
    }
  }

  private DatagramSocket client(int port) throws IOException {
    return client("127.0.0.1", port);
  }

  private DatagramSocket client(String address, int port) throws IOException {
    DatagramSocket client =
        new DatagramSocket(
            new InetSocketAddress(
                InetAddress.ofLiteral(address.contains(":") ? "::1" : "127.0.0.1"), 0));
    client.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    client.setSoTimeout(20_000);
    client.setReceiveBufferSize(4 << 20);
    clients.add(client);
    return client;
  }

  private static String ask(DatagramSocket client) throws IOException {
    send(client, "?");
    return new String(receive(client), StandardCharsets.UTF_8);
  }

  private static void send(DatagramSocket client, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    client.send(new DatagramPacket(bytes, bytes.length));
  }

  private static byte[] receive(DatagramSocket client) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    client.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
