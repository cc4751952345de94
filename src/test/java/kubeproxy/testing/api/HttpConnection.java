package kubeproxy.testing.api;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection of a client, which sends one request after the other.
final class HttpConnection {
  private final Socket socket;
  private final InputStream in;
  private final BufferedOutputStream out;
  private final CallLog log;

  /// A connection over a socket that is ready for application data.
  HttpConnection(Socket socket, CallLog log) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream());
    this.log = log;
  }

  /// Serves until the client or a fault ends the connection.
  void serve(Answers answers, Faults faults) throws IOException, InterruptedException {
    for (ApiCall call = read(); call != null; call = read()) {
      Optional<Fault> fault = faults.of(call);
      boolean gzip = call.header("accept-encoding").contains("gzip");
      HttpReply reply = new HttpReply(socket, in, out, fault, gzip);
      answer(call, reply, answers);
      if (call.header("connection").equalsIgnoreCase("close")) {
        return;
      }
    }
  }

  private static void answer(ApiCall call, HttpReply reply, Answers answers)
      throws IOException, InterruptedException {
    switch (reply.fault().orElse(null)) {
      case Fault.Refusal refusal ->
          Refusals.send(
              call,
              reply,
              refusal.code(),
              refusal.reason(),
              refusal.message(),
              refusal.retryAfterSeconds());
      case Fault.Garbage garbage ->
          reply.send(200, "application/json", garbage.body().getBytes(StandardCharsets.UTF_8));
      case Fault.Drop _ -> reply.reset();
      case Fault.Hang _ -> reply.hang();
      case Fault.Cut _, Fault.Stall _, Fault.Slow _, Fault.Duplicate _, Fault.Reorder _ ->
          answers.answer(call, reply);
      case null -> answers.answer(call, reply);
    }
  }

  private @Nullable ApiCall read() throws IOException {
    String line = line();
    if (line.isEmpty()) {
      return null;
    }
    String[] words = line.split(" ");
    Map<String, String> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, header.substring(colon + 1).strip(), (a, b) -> a + "," + b);
    }
    String body = new String(body(headers), StandardCharsets.UTF_8);
    return log.add(words[0], words[1], headers, body);
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        bytes.writeBytes(in.readNBytes(size));
        line();
      }
      line();
      return bytes.toByteArray();
    }
    return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
