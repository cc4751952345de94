package kubeproxy.apiclient;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// An answer of the HTTP client of the JDK.
final class StreamedResponse implements ApiResponse {
  private static final int BUFFER_BYTES = 16 << 10;

  private final ApiRequest request;
  private final String host;
  private final HttpResponse<InputStream> head;
  private final ClientParts parts;
  private final InputStream body;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();

  StreamedResponse(
      ApiRequest request, String host, HttpResponse<InputStream> head, ClientParts parts) {
    this.request = request;
    this.host = host;
    this.head = head;
    this.parts = parts;
    boolean compressed = header("Content-Encoding").filter("gzip"::equalsIgnoreCase).isPresent();
    body = new Body(head.body(), compressed);
  }

  @Override
  public int status() {
    return head.statusCode();
  }

  @Override
  public Optional<String> header(String name) {
    return head.headers().firstValue(name);
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    try {
      // Not the stream that decompresses: that one belongs to the reading thread.
      head.body().close();
    } catch (IOException e) {
      parts.log().v(4).info("Closing an answer of the API server", "err", e.getMessage());
    }
    tell();
  }

  private void tell() {
    if (!request.longRunning() && told.compareAndSet(false, true)) {
      parts.tell(new ClientEvent.Received(request.method(), host, bytes.get()));
    }
  }

  /// Decompresses, counts, and notices the end.
  private final class Body extends FilterInputStream {
    private final boolean compressed;
    private @Nullable InputStream inflated;
    private boolean ended;

    Body(InputStream raw, boolean compressed) {
      super(raw);
      this.compressed = compressed;
    }

    /// The head of the compressed form is read with the first bytes, so that nothing blocks before.
    private InputStream source() throws IOException {
      if (!compressed) {
        return in;
      }
      InputStream known = inflated;
      if (known == null) {
        known = new GZIPInputStream(in, BUFFER_BYTES);
        inflated = known;
      }
      return known;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = ended ? -1 : readMore(into, offset, length);
      if (count < 0) {
        ended = true;
        close();
        tell();
      } else {
        bytes.addAndGet(count);
      }
      return count;
    }

    /// The stream of the JDK says "closed" of whatever happened, and why in the cause.
    private int readMore(byte[] into, int offset, int length) throws IOException {
      try {
        return source().read(into, offset, length);
      } catch (IOException e) {
        Throwable cause = e.getCause();
        if (cause == null) {
          throw e;
        }
        String reason = cause.getMessage();
        String why = reason == null ? cause.getClass().getSimpleName() : reason;
        throw new IOException("the answer of API server " + host + " broke off: " + why, e);
      }
    }

    @Override
    public long skip(long wanted) throws IOException {
      return source().skip(wanted);
    }

    @Override
    public int available() throws IOException {
      return compressed ? 0 : in.available();
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() throws IOException {
      if (inflated != null) {
        inflated.close();
      } else {
        in.close();
      }
    }
  }
}
