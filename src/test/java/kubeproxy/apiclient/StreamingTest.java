package kubeproxy.apiclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kubeproxy.testing.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Answers that take their time, and giving them up.
@Timeout(60)
class StreamingTest {
  @TempDir Path folder;

  private final StreamAnswer stream = new StreamAnswer();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ClientSetting setting;
  private TlsServer server;
  private ApiTransport transport;

  @BeforeEach
  void start() throws Exception {
    setting = new ClientSetting(folder);
    TestAuthority authority = new TestAuthority("authority");
    server = TlsServer.start(authority);
    server.answerWith(stream);
    setting.write("ca.crt", authority.pem());
    transport =
        setting.open(
            setting.kubeconfig(
                "server: " + server.url() + "\ncertificate-authority: ca.crt", "{}"));
  }

  @AfterEach
  void stop() {
    transport.close();
    stream.end();
    server.close();
    threads.shutdownNow();
  }

  private ApiResponse watch() throws IOException, InterruptedException {
    return transport.send(ApiRequest.get("/w").asLongRunning());
  }

  @Test
  void everyPieceArrivesAtOnce() throws Exception {
    try (ApiResponse watch = watch()) {
      for (String piece : new String[] {"one", "two", "six"}) {
        stream.send(piece);
        assertThat(watch.body().readNBytes(3)).asString().isEqualTo(piece);
      }
    }
  }

  @Test
  void closingWakesTheReaderAndTellsTheServer() throws Exception {
    ApiResponse watch = watch();
    Future<Integer> reader = threads.submit(() -> watch.body().read());
    watch.close();
    assertThatThrownBy(reader::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> watch.body().read()).isInstanceOf(IOException.class);
    stream.awaitBroken();
  }

  @Test
  void closingTheTransportEndsEverything() throws Exception {
    ApiResponse watch = watch();
    Future<Integer> reader = threads.submit(() -> watch.body().read());
    transport.close();
    assertThatThrownBy(reader::get).cause().isInstanceOf(IOException.class);
    assertThatThrownBy(this::watch).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  @Test
  void aStreamThatBreaksIsAnError() throws Exception {
    try (ApiResponse watch = watch()) {
      stream.send("one");
      assertThat(watch.body().readNBytes(3)).asString().isEqualTo("one");
      server.close();
      assertThatThrownBy(() -> watch.body().read())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "the answer of API server 127.0.0.1:%d broke off: ", server.port())
          .hasMessageNotContaining("closed");
    }
  }

  @Test
  void anInterruptGivesUpTheRequest() throws Exception {
    try (Silent silent = new Silent()) {
      ApiTransport other = silent.open();
      Future<?> sender =
          threads.submit(() -> {
            assertThatThrownBy(() -> ClientSetting.get(other))
                .isInstanceOf(InterruptedException.class);
            return null;
          });
      Socket arrived = silent.accept();
      assertThat(arrived.getInputStream().readNBytes(4)).asString().isEqualTo("GET ");
      threads.shutdownNow();
      sender.get();
      // The connection is closed: there is an end.
      assertThat(arrived.getInputStream().readAllBytes()).isNotEmpty();
      other.close();
    }
  }

  @Test
  void aHeadThatDoesNotComeIsGivenUpAndIdleConnectionsWithIt() throws Exception {
    try (Silent silent = new Silent();
        ApiTransport other = silent.open()) {
      Future<String> first = threads.submit(() -> ClientSetting.get(other));
      Socket firstArrived = silent.accept();
      Future<String> second = threads.submit(() -> ClientSetting.get(other));
      Socket secondArrived = silent.accept();
      Silent.answer(firstArrived);
      Silent.answer(secondArrived);
      assertThat(first.get()).isEqualTo("200 ok");
      assertThat(second.get()).isEqualTo("200 ok");
      assertThatThrownBy(
              () -> other.send(ApiRequest.get("/x").within(Duration.ofMillis(50))).close())
          .isInstanceOf(IOException.class)
          .hasMessage("API server http://127.0.0.1:" + silent.port() + ": no answer within 50 ms");
      // It was on one of the two; the other one is not tried.
      Future<String> next = threads.submit(() -> ClientSetting.get(other));
      Silent.answer(silent.accept());
      assertThat(next.get()).isEqualTo("200 ok");
    }
  }

  @Test
  void noConnectionIsAnError() throws Exception {
    // Bound and not listened to, so that it refuses and is nobody else's.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = held.getLocalPort();
      ApiTransport other = setting.open(Optional.empty(), Optional.of("http://127.0.0.1:" + port));
      assertThatThrownBy(() -> ClientSetting.get(other))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("API server http://127.0.0.1:" + port + ": no connection");
      other.close();
    }
  }

  /// A server that takes connections and says nothing.
  private final class Silent implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0);

    Silent() throws IOException {
      listener.setSoTimeout(20_000);
    }

    int port() {
      return listener.getLocalPort();
    }

    Socket accept() throws IOException {
      return listener.accept();
    }

    ApiTransport open() throws ClientConfigException {
      return setting.open(Optional.empty(), Optional.of("http://127.0.0.1:" + port()));
    }

    static void answer(Socket client) throws IOException {
      client
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
