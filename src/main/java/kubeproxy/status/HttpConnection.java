package kubeproxy.status;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One connection: reads a request, answers it, and so on until one side has enough. Runs on a
/// virtual thread of its own; [#close] is for any thread.
final class HttpConnection implements Runnable {
  private static final int FIRST_BUFFER_BYTES = 1024;
  private static final long FILE_CHUNK_BYTES = 256 * 1024;

  private final SocketChannel channel;
  private final HttpListener listener;
  private final HttpConnections connections;
  private final InetSocketAddress client;
  private final InetSocketAddress server;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int filled;
  private volatile Waiting waiting;
  private volatile @Nullable Thread thread;

  /// What a connection does, since when.
  ///
  /// @param forClient whether it is the client's turn
  /// @param nanos how long that may take
  private record Waiting(boolean forClient, long since, long nanos) {}

  HttpConnection(SocketChannel channel, HttpListener listener, HttpConnections connections)
      throws IOException {
    this.channel = channel;
    this.listener = listener;
    this.connections = connections;
    this.client = (InetSocketAddress) channel.getRemoteAddress();
    this.server = (InetSocketAddress) channel.getLocalAddress();
    this.waiting = new Waiting(true, connections.now(), HttpLimits.REQUEST_TIME.toNanos());
  }

  InetAddress client() {
    return client.getAddress();
  }

  HttpListener listener() {
    return listener;
  }

  boolean waits() {
    return waiting.forClient();
  }

  long since() {
    return waiting.since();
  }

  boolean isLate(long now) {
    Waiting current = waiting;
    return current.forClient() && now - current.since() >= current.nanos();
  }

  /// Ends the connection, whatever it does.
  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is closed.
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try (channel) {
      boolean more = true;
      while (more) {
        more = exchange();
        waitForClient(HttpLimits.IDLE_TIME);
      }
      linger();
    } catch (IOException _) {
      // The client went, or was too slow.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(this);
    }
  }

  private void waitForClient(Duration time) {
    waiting = new Waiting(true, connections.now(), time.toNanos());
  }

  /// One request and its answer; returns whether another may follow.
  private boolean exchange() throws IOException, InterruptedException {
    String text = readHead();
    if (text == null) {
      return false;
    }
    return switch (RequestHead.parse(text)) {
      case RequestHead.Parsed.Valid(RequestHead head) -> answer(head);
      case RequestHead.Parsed.Refused(int code, String reason) -> {
        send(Answer.text(code, reason + "\n"), false, false);
        yield false;
      }
    };
  }

  private boolean answer(RequestHead head) throws IOException, InterruptedException {
    String body = readBody(head);
    waiting = new Waiting(false, connections.now(), Long.MAX_VALUE);
    Request request =
        new Request(
            head.method(), head.path(), head.query(), head.headers(), body, server.getAddress());
    Answer answer = listener.answer(request);
    send(answer, head.keepAlive(), head.method().equals("HEAD"));
    return head.keepAlive();
  }

  /// The next head, without the empty line that ends it; null if there is none any more, or if it
  /// was too long and got its answer.
  private @Nullable String readHead() throws IOException {
    int end = headEnd();
    while (end < 0) {
      if (filled == HttpLimits.MAX_HEAD_BYTES) {
        send(Answer.text(431, "the request has too long headers\n"), false, false);
        return null;
      }
      int before = filled;
      if (!readMore()) {
        return null;
      }
      if (before == 0) {
        waitForClient(HttpLimits.REQUEST_TIME);
      }
      end = headEnd();
    }
    String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
    consume(end);
    return head.strip();
  }

  /// The index after the empty line that ends a head, or -1. Empty lines in front are part of it.
  private int headEnd() {
    boolean seen = false;
    for (int i = 0; i < filled; i++) {
      if (buffer[i] == '\n') {
        boolean empty =
            i > 0
                && (buffer[i - 1] == '\n'
                    || (buffer[i - 1] == '\r' && i > 1 && buffer[i - 2] == '\n'));
        if (seen && empty) {
          return i + 1;
        }
      } else if (buffer[i] != '\r') {
        seen = true;
      }
    }
    return -1;
  }

  private String readBody(RequestHead head) throws IOException {
    if (head.bodyBytes() > 0 && head.headers().lists("Expect", "100-continue")) {
      write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }
    while (filled < head.bodyBytes()) {
      if (!readMore()) {
        throw new EOFException("the body is not whole");
      }
    }
    String body = new String(buffer, 0, head.bodyBytes(), StandardCharsets.UTF_8);
    consume(head.bodyBytes());
    return body;
  }

  private boolean readMore() throws IOException {
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(2 * filled, HttpLimits.MAX_HEAD_BYTES));
    }
    int count = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
    filled += Math.max(0, count);
    return count >= 0;
  }

  private void consume(int bytes) {
    System.arraycopy(buffer, bytes, buffer, 0, filled - bytes);
    filled -= bytes;
  }

  private void send(Answer answer, boolean keepAlive, boolean headOnly) throws IOException {
    waitForClient(HttpLimits.ANSWER_TIME);
    Path file = answer.file().orElse(null);
    if (file == null) {
      byte[] head = listener.head(answer, answer.body().length, keepAlive);
      ByteBuffer all = ByteBuffer.allocate(head.length + (headOnly ? 0 : answer.body().length));
      all.put(head);
      if (!headOnly) {
        all.put(answer.body());
      }
      write(all.flip());
      return;
    }
    try (FileChannel content = FileChannel.open(file)) {
      write(ByteBuffer.wrap(listener.head(answer, content.size(), keepAlive)));
      if (!headOnly) {
        write(content);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void write(FileChannel content) throws IOException {
    long position = 0;
    long size = content.size();
    while (position < size) {
      waitForClient(HttpLimits.ANSWER_TIME);
      position +=
          content.transferTo(position, Math.min(size - position, FILE_CHUNK_BYTES), channel);
    }
  }

  /// Lets the client read the last answer: closing with bytes unread would throw it away.
  private void linger() throws IOException {
    waitForClient(HttpLimits.TICK);
    channel.shutdownOutput();
    do {
      filled = 0;
    } while (readMore());
  }
}
