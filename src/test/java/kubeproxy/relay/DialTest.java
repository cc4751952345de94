package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.connect;
import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DialTest {
  private final RelayFixture relay = new RelayFixture();
  private final List<Socket> held = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    relay.close();
    for (Socket socket : held) {
      socket.close();
    }
  }

  @Test
  void withoutBackendsConnectionsAreReset() throws IOException {
    RelayPort port = relay.open(Protocol.TCP);
    expectReset(listen(port));
    eventually(() -> port.counters().active() == 0, port::counters);
    assertThat(port.counters()).isEqualTo(new RelayCounters(1, 0, 0, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void refusingBackendsArePassedOver() throws IOException {
    try (StreamBackend backend = StreamBackend.saying("word")) {
      RelayPort port =
          relay.open(Protocol.TCP, refusing(), refusing(), refusing(), backend.backend());
      RelayListener listener = listen(port);
      for (int i = 0; i < 8; i++) {
        try (Socket socket = connect(listener)) {
          assertThat(socket.getInputStream().readAllBytes()).hasSize(4);
        }
      }
      assertThat(backend.accepted()).isEqualTo(8);
      assertThat(port.counters().failedDials()).isPositive();
      assertThat(port.counters().unserved()).isZero();
    }
  }

  @Test
  void clientSticksToWhateverAnswered() throws IOException {
    try (StreamBackend backend = StreamBackend.saying("word")) {
      List<Backend> backends = List.of(refusing(), refusing(), backend.backend());
      RelayPort port = relay.open(Protocol.TCP, new BackendChoice(backends, 100));
      RelayListener listener = listen(port);
      for (int i = 0; i < 8; i++) {
        try (Socket socket = connect(listener)) {
          assertThat(socket.getInputStream().readAllBytes()).hasSize(4);
        }
      }
      assertThat(port.counters().failedDials()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void fourAttemptsAreEnough() throws IOException {
    RelayPort port =
        relay.open(Protocol.TCP, refusing(), refusing(), refusing(), refusing(), refusing());
    expectReset(listen(port));
    eventually(() -> port.counters().active() == 0, port::counters);
    assertThat(port.counters()).isEqualTo(new RelayCounters(1, 0, 0, 0, 4, 1, 0, 0, 0));
  }

  @Test
  void oneBackendThatRefusesIsAskedOnce() throws IOException {
    RelayPort port = relay.open(Protocol.TCP, refusing());
    expectReset(listen(port));
    // The client may hear of its reset before the loop counts it.
    eventually(() -> port.counters().active() == 0, port::counters);
    assertThat(port.counters().failedDials()).isEqualTo(1);
  }

  @Test
  void backendThatDoesNotAnswerIsGivenUp() throws IOException {
    try (SilentBackend silent = new SilentBackend();
        StreamBackend backend = StreamBackend.saying("word")) {
      RelayPort port = relay.open(Protocol.TCP, silent.backend(), backend.backend());
      RelayListener listener = listen(port);
      for (int i = 0; i < 2; i++) {
        try (Socket socket = connect(listener)) {
          assertThat(socket.getInputStream().readAllBytes()).hasSize(4);
        }
      }
      assertThat(backend.accepted()).isEqualTo(2);
      assertThat(port.counters().failedDials()).isBetween(1L, 2L);
    }
  }

  @Test
  void onlyBackendGetsMoreTimeWithEachAttempt() throws IOException {
    try (SilentBackend silent = new SilentBackend()) {
      RelayPort port = relay.open(Protocol.TCP, silent.backend());
      long start = System.nanoTime();
      expectReset(listen(port));
      // 250, 500, 1000 and 2000 ms.
      assertThat(System.nanoTime() - start).isGreaterThan(3_700_000_000L);
      eventually(() -> port.counters().active() == 0, port::counters);
      assertThat(port.counters().failedDials()).isEqualTo(4);
    }
  }

  private static void expectReset(RelayListener listener) {
    assertThatThrownBy(
            () -> {
              try (Socket socket = connect(listener)) {
                int read = socket.getInputStream().read();
                throw new AssertionError("read " + read);
              }
            })
        .isInstanceOf(SocketException.class);
  }

  // A port that is bound and not listened to refuses, and is nobody else's meanwhile.
  private Backend refusing() throws IOException {
    Socket socket = new Socket();
    held.add(socket);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new Backend(IpAddress.of("127.0.0.1"), socket.getLocalPort());
  }

  /// A listener whose queue is full, so that the kernel answers nobody.
  private static final class SilentBackend implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> queue = new ArrayList<>();

    SilentBackend() throws IOException {
      boolean full = false;
      while (!full) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        queue.add(channel);
        channel.connect(listener.getLocalSocketAddress());
        full = !finishes(channel);
      }
    }

    Backend backend() {
      return new Backend(IpAddress.of("127.0.0.1"), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel channel : queue) {
        channel.close();
      }
      listener.close();
    }

    // On this machine's own interface an answer comes at once, or not at all.
    private static boolean finishes(SocketChannel channel) throws IOException {
      for (int i = 0; i < 100; i++) {
        if (channel.finishConnect()) {
          return true;
        }
      }
      return false;
    }
  }
}
