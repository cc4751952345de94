package kubeproxy.apidecode;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;

/// Decodes the answers of an API server about one resource. Cheap to make: one for each list or
/// watch. Not safe for use by several threads.
public final class ApiDecoder {
  private final ApiEncoding encoding;
  private final ApiResource resource;
  private final ApiInterner interner;

  private ApiDecoder(ApiEncoding encoding, ApiResource resource, ApiInterner interner) {
    this.encoding = encoding;
    this.resource = resource;
    this.interner = interner;
  }

  /// A decoder of bodies in `encoding` about `resource`.
  public static ApiDecoder of(ApiEncoding encoding, ApiResource resource, ApiInterner interner) {
    return new ApiDecoder(encoding, resource, interner);
  }

  /// Reads a list, or a page of one, to the end. Does not close `body`. If it fails, what the sink
  /// got before stands for nothing.
  ///
  /// @throws MalformedBody if this is no list of the resource, or a broken one
  /// @throws IOException if reading fails
  public ListPage readList(InputStream body, ItemSink sink) throws IOException {
    throw new MalformedBody(encoding + " " + resource + " " + interner + sink);
  }

  /// The events of a watch. Closing the reader closes `body`.
  public EventReader readEvents(InputStream body) {
    throw new IllegalStateException();
  }

  /// The `Status` in the body of an answer that tells of a failure. Never fails: what is no `Status`
  /// becomes one with the code of the answer and the beginning of the text as message. Does not
  /// close `body`.
  ///
  /// @param httpCode the code of the answer
  public static ApiStatus readStatus(ApiEncoding encoding, InputStream body, int httpCode) {
    return new ApiStatus(httpCode, "", "", OptionalInt.empty());
  }
}
