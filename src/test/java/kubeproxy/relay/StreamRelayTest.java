package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.connect;
import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamRelayTest {
  // Of a struct sockaddr_in (ip(7)).
  private static final int SOCKADDR_BYTES = 16;
  private static final int PORT_OFFSET = 2;

  private final RelayFixture relay = new RelayFixture();

  @AfterEach
  void close() {
    relay.close();
  }

  @Test
  void carriesStreamsOfAnySizeBothWays()
      throws IOException, InterruptedException, ExecutionException {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    Random random = new Random(seed);
    try (StreamBackend backend = StreamBackend.echo()) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      RelayListener listener = listen(port);
      long total = 0;
      for (int i = 0; i < 30; i++) {
        byte[] sent = new byte[random.nextInt(1 << random.nextInt(1, 23))];
        random.nextBytes(sent);
        total += sent.length;
        try (Socket socket = connect(listener)) {
          CompletableFuture<byte[]> answer = CompletableFuture.supplyAsync(() -> readAll(socket));
          writeInPieces(socket.getOutputStream(), sent, random);
          socket.shutdownOutput();
          assertThat(Arrays.equals(answer.get(), sent)).as("seed %s, stream %s", seed, i).isTrue();
        }
      }
      eventually(() -> port.counters().active() == 0, port::counters);
      assertThat(port.counters()).isEqualTo(new RelayCounters(30, 0, total, total, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void clientThatEndsFirstStillGetsItsAnswer() throws IOException {
    try (StreamBackend backend =
            new StreamBackend(socket -> {
              byte[] question = socket.getInputStream().readAllBytes();
              socket.getOutputStream().write(question.length);
            });
        Socket socket = connect(listen(relay.open(Protocol.TCP, backend.backend())))) {
      socket.getOutputStream().write(new byte[7]);
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isEqualTo(7);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void backendThatEndsFirstStillHearsItsClient() throws IOException, InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    try (StreamBackend backend =
            new StreamBackend(socket -> {
              socket.getOutputStream().write(1);
              socket.shutdownOutput();
              if (socket.getInputStream().readAllBytes().length == 100_000) {
                heard.countDown();
              }
            });
        Socket socket = connect(listen(relay.open(Protocol.TCP, backend.backend())))) {
      assertThat(socket.getInputStream().readAllBytes()).containsExactly(1);
      socket.getOutputStream().write(new byte[100_000]);
      socket.shutdownOutput();
      heard.await();
    }
  }

  @Test
  void resetOfTheClientReachesTheBackend()
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<String> end = new CompletableFuture<>();
    try (StreamBackend backend =
        new StreamBackend(socket -> {
          socket.getOutputStream().write(1);
          try {
            end.complete("read " + socket.getInputStream().read());
          } catch (SocketException reset) {
            end.complete("" + reset.getMessage());
          }
        })) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      Socket socket = connect(listen(port));
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      socket.setSoLinger(true, 0);
      socket.close();
      assertThat(end.get()).contains("reset");
      eventually(
          () -> port.counters().resets() == 1 && port.counters().active() == 0, port::counters);
    }
  }

  @Test
  void resetOfTheBackendReachesTheClient() throws IOException {
    try (StreamBackend backend =
            new StreamBackend(socket -> {
              socket.getInputStream().read();
              socket.setSoLinger(true, 0);
            });
        Socket socket = connect(listen(relay.open(Protocol.TCP, backend.backend())))) {
      socket.getOutputStream().write(1);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void resetAfterHalfOfTheConnectionEndedIsNoticed()
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<String> end = new CompletableFuture<>();
    try (StreamBackend backend =
        new StreamBackend(socket -> {
          socket.getInputStream().readAllBytes();
          socket.getOutputStream().write(1);
          try {
            while (true) {
              socket.getOutputStream().write(1);
              Thread.onSpinWait();
            }
          } catch (SocketException reset) {
            end.complete("" + reset.getMessage());
          }
        })) {
      Socket socket = connect(listen(relay.open(Protocol.TCP, backend.backend())));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      socket.setSoLinger(true, 0);
      socket.close();
      assertThat(end.get()).containsAnyOf("reset", "Broken pipe");
    }
  }

  @Test
  void urgentDataHoldsNothingUp() throws IOException {
    int bulk = 2 << 20;
    try (StreamBackend backend = StreamBackend.echo();
        Socket client = connect(listen(relay.open(Protocol.TCP, backend.backend())))) {
      OutputStream out = client.getOutputStream();
      // Often all of it is there before it is looked at.
      for (byte i = 0; i < 100; i++) {
        out.write(i);
        client.sendUrgentData('!');
        out.write(i);
        assertThat(client.getInputStream().readNBytes(2)).containsOnly(i);
      }
      Thread.ofVirtual()
          .start(() -> {
            try {
              out.write(new byte[bulk]);
              client.sendUrgentData('!');
              out.write(new byte[bulk]);
              out.write(1);
            } catch (IOException failure) {
              throw new AssertionError(failure);
            }
          });
      assertThat(Arrays.equals(client.getInputStream().readNBytes(2 * bulk), new byte[2 * bulk]))
          .isTrue();
      assertThat(client.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void connectionsToBackendsThatLiveOnDoNotWaitAndAreLookedAfter()
      throws IOException, KernelException {
    Set<Integer> dialers = ConcurrentHashMap.newKeySet();
    try (StreamBackend backend =
            new StreamBackend(socket -> {
              dialers.add(socket.getPort());
              socket.getInputStream().transferTo(socket.getOutputStream());
            });
        Socket first = connect(listen(relay.open(Protocol.TCP, backend.backend())));
        Socket second = connect(listen(relay.open(Protocol.TCP, backend.backend())))) {
      List<Socket> clients = List.of(first, second);
      for (Socket client : List.of(first, second, first, second)) {
        ask(client);
      }
      List<Integer> dialed = descriptorsBoundTo(dialers);
      assertThat(dialed).hasSameSizeAs(clients);
      relay.advance(Duration.ofSeconds(10));
      for (Socket client : clients) {
        // Any event has the loop look at its clock.
        ask(client);
      }
      for (int descriptor : dialed) {
        assertThat(option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY)).isEqualTo(1);
        eventually(
            () -> option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL) == 15,
            () -> option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL));
        assertThat(option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE)).isEqualTo(60);
        assertThat(option(descriptor, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE)).isEqualTo(1);
      }
    }
  }

  private static void ask(Socket client) throws IOException {
    client.getOutputStream().write('?');
    assertThat(client.getInputStream().read()).isEqualTo('?');
  }

  private static int option(int descriptor, int level, int number) {
    try {
      return Libc.getsockopt(descriptor, level, number, "option " + number);
    } catch (KernelException failure) {
      throw new AssertionError(failure);
    }
  }

  /// Sockets of this process that have one of these ports.
  private static List<Integer> descriptorsBoundTo(Set<Integer> ports) throws IOException {
    List<Integer> found = new ArrayList<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path entry : open.toList()) {
        int descriptor = Integer.parseInt(entry.getFileName().toString());
        try {
          byte[] name = Libc.getsockname(descriptor, SOCKADDR_BYTES);
          if (ports.contains(ByteBuffer.wrap(name).getChar(PORT_OFFSET) + 0)) {
            found.add(descriptor);
          }
        } catch (KernelException _) {
          // No socket.
        }
      }
    }
    return found;
  }

  @Test
  void establishedConnectionsOutliveListenerAndEndpoint() throws IOException {
    try (StreamBackend backend = StreamBackend.echo();
        StreamBackend other = StreamBackend.saying("other")) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      RelayListener listener = listen(port);
      try (Socket socket = connect(listener)) {
        exchange(socket, "before");
        port.update(BackendChoice.roundRobin(java.util.List.of(other.backend())));
        try (Socket next = connect(listener)) {
          assertThat(new String(next.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo("other");
        }
        exchange(socket, "after the update");
        listener.close();
        assertThatThrownBy(() -> connect(listener)).hasMessageContaining("refused");
        exchange(socket, "after the listener");
      }
    }
  }

  private static void exchange(Socket socket, String word) throws IOException {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    socket.getOutputStream().write(bytes);
    assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
  }

  private static void writeInPieces(OutputStream out, byte[] bytes, Random random)
      throws IOException {
    int at = 0;
    while (at < bytes.length) {
      int piece = Math.min(bytes.length - at, random.nextInt(1, 200_000));
      out.write(bytes, at, piece);
      at += piece;
    }
  }

  private static byte[] readAll(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      return in.readAllBytes();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
