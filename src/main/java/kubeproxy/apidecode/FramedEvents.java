package kubeproxy.apidecode;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import kubeproxy.decode.Expect;
import kubeproxy.decode.JsonTokenReader;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectReading;
import kubeproxy.decode.TokenReader;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Reads events, each of which is in memory as a whole. So it can be looked at twice: what the
/// object is can be told only from the type of the event, and nobody promises their order.
final class FramedEvents implements EventReader {
  private static final String OBJECT = "object";
  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  private final ApiEncoding encoding;
  private final ItemCollector collector;
  private final InputStream body;
  private final Frames frames;

  FramedEvents(ApiEncoding encoding, ItemCollector collector, InputStream body) {
    this.encoding = encoding;
    this.collector = collector;
    this.body = body;
    frames = Frames.of(encoding, body);
  }

  @Override
  public Optional<ApiEvent> next() throws IOException {
    return frames.next() ? Optional.of(event()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }

  private ApiEvent event() {
    try {
      String type = type();
      return switch (type) {
        case "ADDED", "MODIFIED", "DELETED" -> change(type);
        case "BOOKMARK" -> bookmark();
        case "ERROR" -> new ApiEvent.Failed(failure());
        default -> new ApiEvent.Unknown(type);
      };
    } catch (MalformedInput e) {
      return skipped(new ObjectReading(new ObjectKey("", ""), "", e, true), e);
    }
  }

  private ApiEvent.Skipped skipped(ObjectReading reading, MalformedInput error) {
    MalformedItem item = collector.malformed(reading, error, OBJECT);
    return new ApiEvent.Skipped(item, reading.resourceVersion());
  }

  private TokenReader open(MessageShape shape) throws MalformedInput {
    byte[] bytes = frames.bytes();
    TokenReader in =
        switch (encoding) {
          case JSON -> new JsonTokenReader(bytes, frames.offset(), frames.length());
          case PROTOBUF ->
              new ProtobufTokenReader(
                  CodedInputStream.newInstance(bytes, frames.offset(), frames.length()), shape);
        };
    in.next();
    return in;
  }

  /// The type, which comes first in practice.
  private String type() throws MalformedInput {
    TokenReader in = open(ApiShapes.eventType());
    while (in.next() == TokenReader.Token.KEY) {
      boolean found = in.text().equals("type");
      in.next();
      if (found) {
        return Expect.text(in);
      }
      in.skip();
    }
    return "";
  }

  private ApiEvent change(String type) throws MalformedInput {
    ObjectReading reading = object();
    MalformedInput error = reading.error();
    if (type.equals("DELETED") && !reading.key().name().isEmpty()) {
      return new ApiEvent.Deleted(collector.id(reading), reading.resourceVersion());
    }
    if (error != null) {
      return skipped(reading, error);
    }
    ApiItem item = collector.item(reading);
    return type.equals("ADDED") ? new ApiEvent.Added(item) : new ApiEvent.Modified(item);
  }

  private ObjectReading object() throws MalformedInput {
    TokenReader in = open(ApiShapes.event(collector.resource()));
    @Nullable ObjectReading reading = null;
    while (in.next() == TokenReader.Token.KEY) {
      boolean found = in.text().equals(OBJECT);
      in.next();
      if (!found) {
        in.skip();
        continue;
      }
      reading = collector.read(in);
      if (reading.lost()) {
        break;
      }
    }
    if (reading == null) {
      throw new MalformedInput(0, 0, OBJECT, "", "must be there");
    }
    return reading;
  }

  private ApiEvent bookmark() throws MalformedInput {
    BookmarkFields fields = new BookmarkFields();
    TokenReader in = open(ApiShapes.bookmark());
    Expect.fields(in, key -> inObject(key, in, fields::read));
    return new ApiEvent.Bookmark(fields.resourceVersion, fields.initialEventsEnd);
  }

  private ApiStatus failure() {
    StatusFields fields = new StatusFields();
    try {
      TokenReader in = open(ApiShapes.failure());
      Expect.fields(in, key -> inObject(key, in, fields::read));
    } catch (MalformedInput _) {
      // What was read before may be enough; the watch is over in any case.
    }
    return fields.status(0);
  }

  private interface ObjectReader {
    void read(TokenReader in) throws MalformedInput;
  }

  private static void inObject(String key, TokenReader in, ObjectReader object)
      throws MalformedInput {
    if (key.equals(OBJECT)) {
      object.read(in);
    } else {
      in.skip();
    }
  }

  /// What a bookmark says is in the metadata of an otherwise empty object.
  private static final class BookmarkFields {
    private String resourceVersion = "";
    private boolean initialEventsEnd;

    void read(TokenReader in) throws MalformedInput {
      Expect.fields(
          in,
          key -> {
            if (key.equals("metadata")) {
              Expect.fields(in, field -> readMetadata(field, in));
            } else {
              in.skip();
            }
          });
    }

    private void readMetadata(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "resourceVersion" -> resourceVersion = Expect.text(in);
        case "annotations" -> Expect.fields(in, annotation -> readAnnotation(annotation, in));
        default -> in.skip();
      }
    }

    private void readAnnotation(String key, TokenReader in) throws MalformedInput {
      if (key.equals(INITIAL_EVENTS_END)) {
        initialEventsEnd = Expect.text(in).equals("true");
      } else {
        in.skip();
      }
    }
  }
}
