package kubeproxy.apidecode;

import java.util.Locale;
import java.util.Optional;

/// How the API server writes objects.
public enum ApiEncoding {
  JSON("application/json"),
  PROTOBUF("application/vnd.kubernetes.protobuf");

  private final String mediaType;

  ApiEncoding(String mediaType) {
    this.mediaType = mediaType;
  }

  /// Its media type, without parameters, as one asks for it.
  public String mediaType() {
    return mediaType;
  }

  /// The encoding that a `Content-Type` header names, whatever its parameters (`stream=watch`,
  /// `charset`) and letter case; empty if it names none of ours.
  public static Optional<ApiEncoding> ofContentType(String contentType) {
    int parameters = contentType.indexOf(';');
    String bare = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return switch (bare.strip().toLowerCase(Locale.ROOT)) {
      case "application/json" -> Optional.of(JSON);
      case "application/vnd.kubernetes.protobuf" -> Optional.of(PROTOBUF);
      default -> Optional.empty();
    };
  }
}
