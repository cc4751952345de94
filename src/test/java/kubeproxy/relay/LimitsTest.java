package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.connect;
import static kubeproxy.relay.RelayFixture.eventually;
import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import kubeproxy.model.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(100)
class LimitsTest {
  private static final Duration UDP_TIMEOUT = Duration.ofSeconds(10);
  private static final int MEGABYTES = 1 << 20;

  private static RelayFixture relay(int connections, long pipeBytes) {
    return new RelayFixture(new RelayLimits(2, connections, pipeBytes, 10, 10), UDP_TIMEOUT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Pipes.FILL_BYTES, 8 * Pipes.FILL_BYTES})
  void streamsAreWholeWithHoweverManyPipes(long pipeBytes) throws Exception {
    try (RelayFixture relay = relay(100, pipeBytes);
        StreamBackend backend = StreamBackend.echo()) {
      RelayListener listener = listen(relay.open(Protocol.TCP, backend.backend()));
      List<CompletableFuture<Boolean>> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int seed = i;
        streams.add(CompletableFuture.supplyAsync(() -> returns(listener, seed, 8 * MEGABYTES)));
      }
      for (CompletableFuture<Boolean> stream : streams) {
        assertThat(stream.get()).isTrue();
      }
      assertThat(relay.relay().use().pipeBytes()).isLessThanOrEqualTo(pipeBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4 * Pipes.FILL_BYTES})
  void slowReadersTakeNoMoreThanTheLimitAndHurtNobody(long pipeBytes)
      throws IOException, InterruptedException, ExecutionException {
    try (RelayFixture relay = relay(100, pipeBytes);
        StreamBackend backend = StreamBackend.echo();
        StreamBackend talkative = new StreamBackend(LimitsTest::talk)) {
      RelayListener talk = listen(relay.open(Protocol.TCP, talkative.backend()));
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      RelayListener listener = listen(port);
      List<Socket> slow = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        slow.add(connect(talk));
        assertThat(slow.getLast().getInputStream().read()).isNotNegative();
      }
      assertThat(returns(listener, 1, 16 * MEGABYTES)).isTrue();
      assertThat(relay.relay().use().pipeBytes()).isLessThanOrEqualTo(pipeBytes);
      for (Socket socket : slow) {
        assertThat(socket.getInputStream().readNBytes(MEGABYTES)).hasSize(MEGABYTES);
        socket.close();
      }
    }
  }

  @Test
  void clientsBeyondTheLimitWaitForOthersToEnd() throws IOException {
    try (RelayFixture relay = relay(2, MEGABYTES);
        StreamBackend backend = StreamBackend.echo()) {
      RelayPort port = relay.open(Protocol.TCP, backend.backend());
      RelayListener listener = listen(port);
      Socket first = connect(listener);
      try (Socket second = connect(listener)) {
        assertThat(echo(first)).isEqualTo(7);
        assertThat(echo(second)).isEqualTo(7);
        try (Socket third = connect(listener)) {
          third.getOutputStream().write(7);
          assertThat(echo(first)).isEqualTo(7);
          assertThat(relay.relay().use().connections()).isEqualTo(2);
          assertThat(third.getInputStream().available()).isZero();
          first.close();
          assertThat(third.getInputStream().read()).isEqualTo(7);
        }
      }
      eventually(() -> relay.relay().use().connections() == 0, relay.relay()::use);
      assertThat(port.counters().shed()).isZero();
      assertThat(relay.log.lines()).anyMatch(line -> line.contains("limit allows"));
    }
  }

  @Test
  void withoutDescriptorsClientsAreResetUntilThereAreSome()
      throws IOException, InterruptedException {
    try (StreamBackend backend = StreamBackend.echo()) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(
              "bash",
              "-c",
              "ulimit -n 120; exec \"$@\"",
              "relay",
              java,
              "--enable-native-access=ALL-UNNAMED",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              RelayProgram.class.getName(),
              Integer.toString(backend.backend().port()));
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = builder.start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        int port = Integer.parseInt(Objects.requireNonNull(out.readLine()));
        exhaustAndRecover(port);
        process.getOutputStream().close();
        RelayCounters counters = RelayProgram.parse(Objects.requireNonNull(out.readLine()));
        assertThat(counters.shed()).isPositive();
        assertThat(process.waitFor()).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static void exhaustAndRecover(int port) throws IOException {
    for (int round = 0; round < 3; round++) {
      List<Socket> clients = new ArrayList<>();
      int served = 0;
      int reset = 0;
      for (int i = 0; i < 100; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(20_000);
        clients.add(client);
        try {
          served += echo(client) == 7 ? 1 : 0;
        } catch (IOException _) {
          reset++;
        }
      }
      assertThat(served).isBetween(10, 60);
      assertThat(reset).isEqualTo(100 - served);
      // Those that were served still are.
      int still = 0;
      for (Socket client : clients) {
        try {
          still += echo(client) == 7 ? 1 : 0;
        } catch (IOException _) {
          reset++;
        }
        client.close();
      }
      assertThat(still).isEqualTo(served);
      eventually(() -> isServed(port), () -> "not served");
    }
  }

  private static boolean isServed(int port) {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return echo(client) == 7;
    } catch (IOException _) {
      return false;
    }
  }

  private static int echo(Socket socket) throws IOException {
    socket.getOutputStream().write(7);
    return socket.getInputStream().read();
  }

  private static void talk(Socket socket) throws IOException {
    byte[] much = new byte[1 << 16];
    while (true) {
      socket.getOutputStream().write(much);
    }
  }

  private static boolean returns(RelayListener listener, int seed, int bytes) {
    byte[] sent = new byte[bytes];
    new Random(seed).nextBytes(sent);
    try (Socket socket = connect(listener)) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      InputStream in = socket.getInputStream();
      byte[] received = in.readAllBytes();
      writer.join();
      return Arrays.equals(sent, received);
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
