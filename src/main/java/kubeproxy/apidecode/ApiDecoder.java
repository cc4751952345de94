package kubeproxy.apidecode;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import kubeproxy.decode.JsonTokenReader;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.TokenReader;

/// Decodes the answers of an API server about one resource. Cheap to make: one for each list or
/// watch. Not safe for use by several threads.
public final class ApiDecoder {
  /// Large enough for most items of a list.
  private static final int BUFFER_BYTES = 32 << 10;

  /// What an object in protobuf begins with wherever it stands alone.
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private final ApiEncoding encoding;
  private final ItemCollector collector;

  private ApiDecoder(ApiEncoding encoding, ItemCollector collector) {
    this.encoding = encoding;
    this.collector = collector;
  }

  /// A decoder of bodies in `encoding` about `resource`.
  public static ApiDecoder of(ApiEncoding encoding, ApiResource resource, ApiInterner interner) {
    return new ApiDecoder(encoding, new ItemCollector(resource, interner.values()));
  }

  /// Reads a list, or a page of one, to the end. Does not close `body`. If it fails, what the sink
  /// got before stands for nothing.
  ///
  /// @throws MalformedBody if this is no list of the resource, or a broken one
  /// @throws IOException if reading fails
  public ListPage readList(InputStream body, ItemSink sink) throws IOException {
    try {
      return new ListReader(open(body), collector, sink).read();
    } catch (MalformedInput e) {
      throw new MalformedBody(ItemCollector.describe(e, ""));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private TokenReader open(InputStream body) throws IOException {
    return switch (encoding) {
      case JSON -> new JsonTokenReader(body);
      case PROTOBUF -> {
        if (!Arrays.equals(body.readNBytes(MAGIC.length), MAGIC)) {
          throw new MalformedBody("does not begin as an object in protobuf does");
        }
        CodedInputStream in = CodedInputStream.newInstance(body, BUFFER_BYTES);
        yield new ProtobufTokenReader(in, ApiShapes.list(collector.resource()));
      }
    };
  }

  /// The events of a watch. Closing the reader closes `body`.
  public EventReader readEvents(InputStream body) {
    return new FramedEvents(encoding, collector, body);
  }

  /// The `Status` in the body of an answer that tells of a failure. Never fails: what is no
  /// `Status` becomes one with the code of the answer and the beginning of the text as message.
  /// Does not close `body`.
  ///
  /// @param httpCode the code of the answer
  public static ApiStatus readStatus(ApiEncoding encoding, InputStream body, int httpCode) {
    return StatusReader.read(encoding, body, httpCode);
  }
}
