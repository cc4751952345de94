package kubeproxy.apidecode;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// A target for fuzzers that call `fuzzerTestOneInput`, such as Jazzer. The first byte says how the
/// others are decoded. Nothing but the errors that are told of may come of it.
final class AnswersFuzz {
  /// As a list, as a watch, as a failure.
  static final int WAYS = 3;

  private AnswersFuzz() {}

  /// Decodes one body.
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    int choice = data[0] & 0xff;
    ApiEncoding[] encodings = ApiEncoding.values();
    ApiResource[] resources = ApiResource.values();
    ApiEncoding encoding = encodings[choice % encodings.length];
    ApiResource resource = resources[choice / encodings.length / WAYS % resources.length];
    int way = choice / encodings.length % WAYS;
    decode(way, encoding, resource, Arrays.copyOfRange(data, 1, data.length));
  }

  /// The first byte that makes the target decode like this.
  ///
  /// @param way which of [#WAYS], from 0
  static byte choice(int way, ApiEncoding encoding, ApiResource resource) {
    List<ApiEncoding> encodings = List.of(ApiEncoding.values());
    List<ApiResource> resources = List.of(ApiResource.values());
    int resourceAndWay = resources.indexOf(resource) * WAYS + way;
    return (byte) (resourceAndWay * encodings.size() + encodings.indexOf(encoding));
  }

  private static void decode(int way, ApiEncoding encoding, ApiResource resource, byte[] body) {
    try {
      switch (way) {
        case 0 -> Answers.list(encoding, resource, body);
        case 1 -> Answers.events(encoding, resource, body);
        default -> Answers.status(encoding, body, 500);
      }
    } catch (MalformedBody | EOFException _) {
      // Told of.
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
  }
}
