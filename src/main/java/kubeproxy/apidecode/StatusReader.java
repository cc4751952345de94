package kubeproxy.apidecode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import kubeproxy.decode.JsonTokenReader;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.TokenReader;

/// Reads what an answer that tells of a failure has as its body, be it a `Status` or the page of
/// some proxy on the way.
final class StatusReader {
  /// The largest messages list every cause of a refusal; whatever comes behind is not read.
  private static final int MAX_BYTES = 1 << 20;

  /// Of a text that is no `Status`: enough to see who wrote it.
  private static final int MAX_EXCERPT = 200;

  static final int MAGIC_LENGTH = 4;

  private StatusReader() {}

  static ApiStatus read(ApiEncoding encoding, InputStream body, int httpCode) {
    byte[] bytes;
    try {
      bytes = body.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      String message = "the body could not be read: " + e.getMessage();
      return new ApiStatus(httpCode, "", message, OptionalInt.empty());
    }
    return status(encoding, bytes, httpCode)
        .orElseGet(() -> new ApiStatus(httpCode, "", excerpt(bytes), OptionalInt.empty()));
  }

  private static Optional<ApiStatus> status(ApiEncoding encoding, byte[] bytes, int httpCode) {
    StatusFields fields = new StatusFields();
    try {
      TokenReader in = open(encoding, bytes);
      in.next();
      fields.read(in);
    } catch (MalformedInput _) {
      // What was read before may be enough.
    }
    return fields.isStatus() ? Optional.of(fields.status(httpCode)) : Optional.empty();
  }

  private static TokenReader open(ApiEncoding encoding, byte[] bytes) {
    return switch (encoding) {
      case JSON -> new JsonTokenReader(bytes, 0, bytes.length);
      case PROTOBUF -> {
        int start = Math.min(MAGIC_LENGTH, bytes.length);
        CodedInputStream in = CodedInputStream.newInstance(bytes, start, bytes.length - start);
        yield new ProtobufTokenReader(in, ApiShapes.status());
      }
    };
  }

  /// The beginning of a text in one line; empty if the bytes are no text.
  private static String excerpt(byte[] bytes) {
    String start = new String(Arrays.copyOf(bytes, Math.min(bytes.length, 4 * MAX_EXCERPT)), UTF_8);
    if (start.indexOf('\0') >= 0) {
      return "";
    }
    String line = start.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= MAX_EXCERPT ? line : line.substring(0, MAX_EXCERPT) + "...";
  }
}
