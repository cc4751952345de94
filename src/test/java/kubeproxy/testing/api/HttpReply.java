package kubeproxy.testing.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// Writes the answer to one request, byte by byte as the fault of the request wants it.
public final class HttpReply {
  /// From here on the API server compresses what is not a watch.
  private static final int GZIP_FROM_BYTES = 128 * 1024;

  private static final byte[] LINE_END = {'\r', '\n'};

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Optional<Fault> fault;
  private final boolean gzip;
  private int bodyBytes;
  private boolean chunked;

  HttpReply(Socket socket, InputStream in, OutputStream out, Optional<Fault> fault, boolean gzip) {
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.fault = fault;
    this.gzip = gzip;
  }

  /// The fault that this answer has to meet.
  Optional<Fault> fault() {
    return fault;
  }

  /// A whole answer.
  void send(int status, String contentType, byte[] body) throws IOException, InterruptedException {
    send(status, Map.of("Content-Type", contentType), body);
  }

  /// A whole answer.
  void send(int status, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    byte[] bytes = body;
    if (gzip && body.length >= GZIP_FROM_BYTES) {
      all.put("Content-Encoding", "gzip");
      bytes = gzipped(body);
    }
    all.put("Content-Length", Integer.toString(bytes.length));
    head(status, all);
    body(bytes);
    out.flush();
  }

  private static byte[] gzipped(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(body);
    }
    return bytes.toByteArray();
  }

  /// The head of an answer whose body comes in pieces.
  void begin(int status, Map<String, String> headers) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Transfer-Encoding", "chunked");
    head(status, all);
    chunked = true;
    out.flush();
  }

  /// A piece of the body.
  void piece(byte[] bytes) throws IOException, InterruptedException {
    if (bytes.length > 0) {
      ascii(Integer.toHexString(bytes.length));
      out.write(LINE_END);
      body(bytes);
      out.write(LINE_END);
      out.flush();
    }
  }

  /// The end of a body in pieces.
  void end() throws IOException {
    if (chunked) {
      ascii("0");
      out.write(LINE_END);
      out.write(LINE_END);
      out.flush();
    }
  }

  private void head(int status, Map<String, String> headers) throws IOException {
    ascii("HTTP/1.1 " + status + " X");
    out.write(LINE_END);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      ascii(header.getKey() + ": " + header.getValue());
      out.write(LINE_END);
    }
    out.write(LINE_END);
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void body(byte[] bytes) throws IOException, InterruptedException {
    switch (fault.orElse(null)) {
      case Fault.Cut cut when bodyBytes + bytes.length > cut.afterBytes() -> {
        out.write(bytes, 0, cut.afterBytes() - bodyBytes);
        out.flush();
        reset();
      }
      case Fault.Stall stall when bodyBytes + bytes.length > stall.afterBytes() -> {
        out.write(bytes, 0, stall.afterBytes() - bodyBytes);
        out.flush();
        hang();
      }
      case Fault.Slow slow -> {
        for (int from = 0; from < bytes.length; from += slow.bytesAtOnce()) {
          out.write(bytes, from, Math.min(slow.bytesAtOnce(), bytes.length - from));
          out.flush();
          Thread.sleep(slow.pause());
        }
      }
      case null, default -> out.write(bytes);
    }
    bodyBytes += bytes.length;
  }

  /// Resets the connection.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    throw new IOException("cut, as the test wants it");
  }

  /// Stays silent until the client gives up.
  void hang() throws IOException {
    while (in.read() >= 0) {
      // What else the client says is of no interest.
    }
    throw new IOException("the client gave up");
  }
}
