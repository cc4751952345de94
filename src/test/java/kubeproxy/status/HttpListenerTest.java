package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import kubeproxy.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpListenerTest {
  private static final String END = " HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int ROOM = 8;

  private final Clock clock = new ManualClock();
  private HttpFixture http;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    http = new HttpFixture(HttpListenerTest::echo, HttpFixture.setup(clock, ROOM));
  }

  @AfterEach
  void close() {
    http.close();
  }

  private static Answer echo(Request request) {
    return Answer.text(200, request.method() + " " + request.path() + " " + request.body());
  }

  @Test
  void answersByteForByte() throws IOException {
    assertThat(http.exchange("GET /a?b HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n")
        .contains("\r\nX-Content-Type-Options: nosniff\r\n")
        .containsPattern("\r\nDate: [A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT\r\n")
        .endsWith("\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /a ");
  }

  @Test
  void keepsTheConnectionForTheNextRequest() throws IOException {
    Socket socket = http.connect();
    HttpFixture.send(socket, "GET /a" + END);
    assertThat(HttpFixture.answer(socket)).endsWith("GET /a ").doesNotContain("Connection");
    HttpFixture.send(socket, "\r\nGET /b" + END + "GET /c" + END);
    assertThat(HttpFixture.answer(socket)).endsWith("GET /b ");
    assertThat(HttpFixture.answer(socket)).endsWith("GET /c ");
    HttpFixture.send(socket, "GET /d HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n");
    assertThat(HttpFixture.all(socket)).contains("\r\nConnection: close\r\n").endsWith("GET /d ");
  }

  @Test
  void sendsNoBodyForHead() throws IOException {
    assertThat(http.exchange("HEAD /a" + END)).endsWith("\r\nContent-Length: 8\r\n\r\n");
  }

  @Test
  void readsBodies() throws IOException {
    String head = "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n";
    assertThat(http.exchange(head + "\r\nabc")).endsWith("PUT /a abc");
    assertThat(http.exchange(head + "\r\nabcGET /b" + END)).endsWith("GET /b ");
    Socket socket = http.connect();
    HttpFixture.send(socket, head + "Expect: 100-continue\r\n\r\n");
    String interim = "HTTP/1.1 100 Continue\r\n\r\n";
    assertThat(socket.getInputStream().readNBytes(interim.length()))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(interim);
    HttpFixture.send(socket, "abc");
    assertThat(HttpFixture.answer(socket)).endsWith("PUT /a abc");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a%20b%C3%A9?x HTTP/1.1|Host: a, 200",
    "GET http://proxy:80/a HTTP/1.1|Host: a, 200",
    "get /a HTTP/1.1|Host: a, 200",
    "GET /a HTTP/1.1, 400",
    "GET /a HTTP/1.1|Host: a|Host: b, 400",
    "GET /a HTTP/2.0|Host: a, 505",
    "GET /a, 400",
    "GET  /a HTTP/1.1|Host: a, 400",
    "G(T /a HTTP/1.1|Host: a, 400",
    "GET a HTTP/1.1|Host: a, 400",
    "GET /% HTTP/1.1|Host: a, 400",
    "GET /%zz HTTP/1.1|Host: a, 400",
    "GET /a HTTP/1.1|Host : a, 400",
    "GET /a HTTP/1.1|Host: a| folded, 400",
    "GET /a HTTP/1.1|Host: a|nonsense, 400",
    "PUT /a HTTP/1.1|Host: a|Transfer-Encoding: chunked, 411",
    "PUT /a HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 1, 400",
    "PUT /a HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2, 400",
    "PUT /a HTTP/1.1|Host: a|Content-Length: -1, 400",
    "PUT /a HTTP/1.1|Host: a|Content-Length: 4097, 413",
    "PUT /a HTTP/1.1|Host: a|Content-Length: 99999999999999999999, 400"
  })
  void readsStrictly(String head, int code) throws IOException {
    String answer = http.exchange(head.replace("|", "\r\n") + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + code + " ");
    assertThat(answer.contains("Connection: close")).isEqualTo(code != 200);
  }

  @Test
  void decodesThePath() throws IOException {
    assertThat(http.exchange("GET /a%20b%C3%A9?x" + END)).endsWith("GET /a bé ");
    assertThat(http.exchange("GET http://proxy" + END)).endsWith("GET / ");
  }

  @Test
  void boundsHeads() throws IOException {
    String most = "x".repeat(HttpLimits.MAX_HEAD_BYTES - 100);
    assertThat(http.exchange("GET /a HTTP/1.1\r\nHost: a\r\nX: " + most + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(http.exchange("GET /" + "x".repeat(HttpLimits.MAX_HEAD_BYTES) + END))
        .startsWith("HTTP/1.1 431 ");
    String many = "X: y\r\n".repeat(HttpLimits.MAX_HEADERS);
    assertThat(http.exchange("GET /a HTTP/1.1\r\nHost: a\r\n" + many + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aMistakeCostsOneAnswer() throws IOException {
    Route broken =
        request -> {
          if (request.path().equals("/broken")) {
            throw new IllegalStateException();
          }
          return Answer.text(200, "fine");
        };
    try (HttpFixture fixture = new HttpFixture(broken, HttpFixture.setup(clock, ROOM))) {
      assertThat(fixture.exchange("GET /broken" + END)).startsWith("HTTP/1.1 500 ");
      assertThat(fixture.exchange("GET /" + END)).endsWith("fine");
    }
  }

  @Test
  void sendsFilesAndDeletesThem() throws IOException {
    Path file = folder.resolve("file");
    String content = "0123456789".repeat(300_000);
    Route route =
        _ -> {
          try {
            return Answer.download("name.jfr", Files.writeString(file, content));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    try (HttpFixture fixture = new HttpFixture(route, HttpFixture.setup(clock, ROOM))) {
      assertThat(fixture.exchange("GET /" + END))
          .contains("\r\nContent-Disposition: attachment; filename=\"name.jfr\"\r\n")
          .endsWith("\r\n\r\n" + content);
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void makesRoomByEndingWhoWaitsLongest() throws IOException {
    Socket[] slow = new Socket[ROOM];
    for (int i = 0; i < ROOM; i++) {
      // Without a byte: the first one would count from when it is read, in whatever order that is.
      slow[i] = http.connect();
    }
    Socket fresh = http.connect();
    HttpFixture.send(fresh, "GET /fresh" + END);
    assertThat(HttpFixture.answer(fresh)).endsWith("GET /fresh ");
    assertEnded(slow[0]);
    HttpFixture.send(slow[1], "GET /a" + END);
    assertThat(HttpFixture.answer(slow[1])).endsWith("GET /a ");
  }

  @Test
  void whoHasMostConnectionsPays() throws IOException {
    Socket modest = http.connectFrom("127.0.0.2");
    HttpFixture.send(modest, "GET /modest");
    for (int i = 0; i < 5 * ROOM; i++) {
      HttpFixture.send(http.connectFrom("127.0.0.3"), "GET /greedy");
    }
    HttpFixture.send(modest, END);
    assertThat(HttpFixture.answer(modest)).endsWith("GET /modest ");
  }

  @Test
  void endsNobodyWhoIsBeingAnswered() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    Route slow =
        _ -> {
          release.await();
          return Answer.text(200, "done");
        };
    try (HttpFixture fixture = new HttpFixture(slow, HttpFixture.setup(clock, 1))) {
      Socket first = fixture.connect();
      HttpFixture.send(first, "GET /" + END);
      // Until it is being answered, the second takes its place, and the client asks again.
      Socket second = fixture.connect();
      while (isClosedFirst(first, second)) {
        first = second;
        HttpFixture.send(first, "GET /" + END);
        second = fixture.connect();
      }
      release.countDown();
      assertThat(HttpFixture.answer(first)).endsWith("done");
    }
  }

  /// Which of two connections the server has ended.
  private static boolean isClosedFirst(Socket first, Socket second) throws IOException {
    first.setSoTimeout(1);
    second.setSoTimeout(1);
    while (true) {
      if (ended(second)) {
        first.setSoTimeout(20_000);
        return false;
      }
      if (ended(first)) {
        second.setSoTimeout(20_000);
        return true;
      }
    }
  }

  /// By an end or by a reset, which comes if something was not read.
  private static void assertEnded(Socket socket) {
    assertThat(ended(socket)).isTrue();
  }

  /// Lets time go on until it is so: the other side may not have begun to wait yet.
  private static void assertEnded(Socket socket, AtomicLong nanos, Duration patience)
      throws IOException {
    socket.setSoTimeout(500);
    boolean ended = false;
    for (int i = 0; i < 40 && !ended; i++) {
      ended = ended(socket);
      nanos.addAndGet(patience.toNanos());
    }
    assertThat(ended).isTrue();
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void endsWhoIsTooSlow() throws IOException {
    AtomicLong nanos = new AtomicLong();
    HttpListener.Setup setup =
        new HttpListener.Setup(new HttpConnections(ROOM, nanos::get), clock, Logger.SILENT);
    try (HttpFixture fixture = new HttpFixture(HttpListenerTest::echo, setup)) {
      Socket silent = fixture.connect();
      Socket dripping = fixture.connect();
      Socket kept = fixture.connect();
      HttpFixture.send(
          dripping,
          "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      HttpFixture.send(kept, "GET /a" + END);
      // What both say tells that the server has seen all three, so that their time is running.
      dripping.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      HttpFixture.answer(kept);
      // A byte now and then is not enough.
      HttpFixture.send(dripping, "x");
      nanos.addAndGet(HttpLimits.REQUEST_TIME.toNanos());
      assertEnded(dripping);
      assertEnded(silent);
      HttpFixture.send(kept, "GET /b" + END);
      assertThat(HttpFixture.answer(kept)).endsWith("GET /b ");
      assertEnded(kept, nanos, HttpLimits.IDLE_TIME);
    }
  }

  @Test
  void endsWhoDoesNotTakeTheAnswer() throws IOException {
    AtomicLong nanos = new AtomicLong();
    HttpListener.Setup setup =
        new HttpListener.Setup(new HttpConnections(ROOM, nanos::get), clock, Logger.SILENT);
    // Several times what the buffers of both ends can hold, which is tens of megabytes.
    int size = 200_000_000;
    Route large = _ -> new Answer(200, Map.of(), new byte[size]);
    try (HttpFixture fixture = new HttpFixture(large, setup)) {
      Socket socket = fixture.connect();
      HttpFixture.send(socket, "GET /" + END);
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      nanos.addAndGet(HttpLimits.ANSWER_TIME.toNanos());
      while (!setup.connections().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(readUntilTheEnd(socket)).isLessThan(size);
    }
  }

  private static long readUntilTheEnd(Socket socket) {
    long count = 0;
    try {
      byte[] buffer = new byte[8192];
      for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
        count += n;
      }
    } catch (IOException _) {
      // As good an end as any.
    }
    return count;
  }

  @Test
  void closingEndsEverything() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    Route endless =
        _ -> {
          asked.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return Answer.notFound();
        };
    try (HttpFixture fixture = new HttpFixture(endless, HttpFixture.setup(clock, ROOM))) {
      Socket idle = fixture.connect();
      Socket busy = fixture.connect();
      HttpFixture.send(busy, "GET /" + END);
      asked.await();
      var address = fixture.listener().address();
      fixture.listener().close();
      interrupted.await();
      assertEnded(idle);
      assertEnded(busy);
      assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
          .isInstanceOf(IOException.class);
    }
  }
}
