package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.LOOPBACK;
import static kubeproxy.relay.RelayFixture.connect;
import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ListenTest {
  private static final ListenerSpec ANY = new ListenerSpec(LOOPBACK, new PortChoice.AnyFree());

  private final RelayFixture relay = new RelayFixture();

  @AfterEach
  void close() {
    relay.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "UDP"})
  void takenPortIsAConflictUntilItIsFree(Protocol protocol) {
    RelayPort port = relay.open(protocol);
    RelayListener first = listen(port);
    ListenerSpec same = new ListenerSpec(LOOPBACK, new PortChoice.Exactly(first.port()));
    assertThat(relay.open(protocol).listen(same))
        .isEqualTo(new ListenOutcome.Conflict(LOOPBACK, first.port()));
    first.close();
    first.close();
    assertThat(listen(relay.open(protocol), same).port()).isEqualTo(first.port());
  }

  @Test
  void portCanBeListenedOnThoughConnectionsOfBeforeLinger() throws IOException {
    try (StreamBackend backend = StreamBackend.saying("word")) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      RelayListener first = listen(port);
      try (Socket socket = connect(first)) {
        assertThat(socket.getInputStream().readAllBytes()).hasSize(4);
        first.close();
        listen(port, new ListenerSpec(LOOPBACK, new PortChoice.Exactly(first.port())));
      }
    }
  }

  @Test
  void takesWhateverIsFreeOfARange() {
    RelayPort port = relay.open(Protocol.TCP);
    int free = listen(port).port();
    port.close();
    // Neighbours may be taken by others on this machine, so what is free is asked, not assumed.
    int first = Math.min(free, 65_532);
    PortChoice.FromRange range = new PortChoice.FromRange(first, 4);
    ListenerSpec spec = new ListenerSpec(LOOPBACK, range);
    Set<Integer> ports = new HashSet<>();
    ListenOutcome outcome = port.listen(spec);
    while (outcome instanceof ListenOutcome.Listening(RelayListener listener)) {
      assertThat(listener.port()).isBetween(first, first + 3);
      assertThat(ports.add(listener.port())).isTrue();
      outcome = port.listen(spec);
    }
    assertThat(outcome).isEqualTo(new ListenOutcome.RangeExhausted(range));
    assertThat(ports).contains(free);
  }

  @Test
  void whatTheKernelLacksOrRefusesIsSaid() {
    ListenOutcome sctp = relay.open(Protocol.SCTP).listen(ANY);
    assertThat(sctp)
        .satisfiesAnyOf(
            outcome -> assertThat(outcome).isInstanceOf(ListenOutcome.Listening.class),
            outcome ->
                assertThat(outcome)
                    .isEqualTo(
                        new ListenOutcome.Unsupported(
                            Protocol.SCTP,
                            "the kernel of this node: EPROTONOSUPPORT (protocol not supported)")));
    ListenerSpec foreign =
        new ListenerSpec(IpAddress.of("192.0.2.1"), new PortChoice.Exactly(4711));
    assertThat(relay.open(Protocol.TCP).listen(foreign))
        .isEqualTo(
            new ListenOutcome.Failed("bind: EADDRNOTAVAIL (cannot assign requested address)"));
  }

  @Test
  void bothFamiliesOnOneListener() throws IOException {
    try (StreamBackend backend = StreamBackend.saying("word")) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      IpAddress any = IpAddress.of("::");
      int both =
          listen(port, new ListenerSpec(any, new PortChoice.AnyFree(), true, List.of())).port();
      assertThat(wordFrom("127.0.0.1", both)).isEqualTo("word");
      assertThat(wordFrom("::1", both)).isEqualTo("word");
      int six = listen(port, new ListenerSpec(any, new PortChoice.AnyFree())).port();
      assertThat(wordFrom("::1", six)).isEqualTo("word");
      assertThatThrownBy(() -> wordFrom("127.0.0.1", six)).hasMessageContaining("refused");
    }
  }

  @Test
  void sourcesThatAreNotAllowedAreReset() throws IOException {
    try (StreamBackend backend = StreamBackend.saying("word")) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      List<IpPrefix> ipv4 = List.of(IpPrefix.of("127.0.0.0/8"));
      int number =
          listen(port, new ListenerSpec(IpAddress.of("::"), new PortChoice.AnyFree(), true, ipv4))
              .port();
      assertThat(wordFrom("127.0.0.1", number)).isEqualTo("word");
      assertThatThrownBy(() -> wordFrom("::1", number)).hasMessageContaining("reset");
      assertThat(port.counters().refusedSources()).isEqualTo(1);
      assertThat(port.counters().connections()).isEqualTo(1);
      eventually(() -> relay.relay().use().connections() == 0, relay.relay()::use);
    }
  }

  @Test
  void nothingIsLeftOfAClosedRelay() throws IOException {
    RelayPort port = relay.open(Protocol.TCP);
    RelayListener listener = listen(port);
    try (StreamBackend backend = StreamBackend.echo()) {
      port.update(BackendChoice.roundRobin(List.of(backend.backend())));
      try (Socket socket = connect(listener)) {
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        relay.close();
        assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
        assertThatThrownBy(() -> connect(listener)).hasMessageContaining("refused");
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().startsWith("relay-") && thread.isAlive());
      }
    }
  }

  private static String wordFrom(String address, int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
      socket.setSoTimeout(20_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
