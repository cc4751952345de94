package kubeproxy.apidecode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What bodies decode to.
final class Answers {

  /// A list with all that was given to its sink.
  record Listed(ListPage page, List<ApiItem> items, List<MalformedItem> malformed) {}

  private Answers() {}

  /// The bytes of a recorded answer of an API server 1.36.2.
  static byte[] recorded(String name) {
    String path = "/kubeproxy/apiserver-1.36/" + name + ".body";
    try (InputStream in = Answers.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new AssertionError("no recording " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ApiDecoder decoder(ApiEncoding encoding, ApiResource resource) {
    return ApiDecoder.of(encoding, resource, new ApiInterner());
  }

  static Listed list(ApiEncoding encoding, ApiResource resource, byte[] body) throws IOException {
    return list(encoding, resource, new ByteArrayInputStream(body));
  }

  static Listed list(ApiEncoding encoding, ApiResource resource, InputStream body)
      throws IOException {
    List<ApiItem> items = new ArrayList<>();
    List<MalformedItem> malformed = new ArrayList<>();
    ItemSink sink =
        new ItemSink() {
          @Override
          public void item(ApiItem item) {
            items.add(item);
          }

          @Override
          public void malformed(MalformedItem item) {
            malformed.add(item);
          }
        };
    ListPage page = decoder(encoding, resource).readList(body, sink);
    return new Listed(page, items, malformed);
  }

  static List<ApiEvent> events(ApiEncoding encoding, ApiResource resource, byte[] body)
      throws IOException {
    return events(encoding, resource, new ByteArrayInputStream(body));
  }

  static List<ApiEvent> events(ApiEncoding encoding, ApiResource resource, InputStream body)
      throws IOException {
    List<ApiEvent> events = new ArrayList<>();
    try (EventReader reader = decoder(encoding, resource).readEvents(body)) {
      while (true) {
        Optional<ApiEvent> event = reader.next();
        if (event.isEmpty()) {
          return events;
        }
        events.add(event.get());
      }
    }
  }

  static ApiStatus status(ApiEncoding encoding, byte[] body, int httpCode) {
    return ApiDecoder.readStatus(encoding, new ByteArrayInputStream(body), httpCode);
  }

  /// A stream that gives its bytes in pieces of that size.
  static InputStream inPieces(byte[] bytes, int size) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, size));
      }
    };
  }
}
