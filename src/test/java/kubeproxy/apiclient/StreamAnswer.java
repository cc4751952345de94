package kubeproxy.apiclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Answers with a stream that goes on until told otherwise.
final class StreamAnswer implements HttpHandler {
  private static final String END = "";

  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
  private final CountDownLatch broken = new CountDownLatch(1);

  void send(String piece) {
    pieces.add(piece);
  }

  void end() {
    pieces.add(END);
  }

  /// Waits until writing to the client fails.
  void awaitBroken() throws InterruptedException {
    while (broken.getCount() > 0) {
      send("x".repeat(1000));
      broken.await(10, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (exchange) {
      OutputStream out = exchange.getResponseBody();
      out.flush();
      for (String piece = pieces.take(); !piece.equals(END); piece = pieces.take()) {
        out.write(piece.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      broken.countDown();
      throw e;
    }
  }
}
