package kubeproxy.config;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import kubeproxy.text.GoDuration;
import kubeproxy.text.GoQuote;

/// One thing that is wrong with the configuration.
///
/// @param path the field, as in `KubeProxyConfiguration.BindAddress`
/// @param problem what is wrong, with the value
record FieldError(String path, String problem) {
  private static final String ROOT = "KubeProxyConfiguration.";

  /// A value that is not allowed. Texts are shown quoted, numbers and durations as they are.
  static FieldError invalid(String field, Object value, String message) {
    String shown =
        switch (value) {
          case String text -> GoQuote.quote(text);
          case Duration duration -> GoDuration.format(duration);
          default -> value.toString();
        };
    return new FieldError(ROOT + field, "Invalid value: " + shown + ": " + message);
  }

  /// A value that is none of a few.
  ///
  /// @param supported sorted
  static FieldError unsupported(String field, String value, List<String> supported) {
    String list = supported.stream().map(GoQuote::quote).collect(Collectors.joining(", "));
    return new FieldError(
        ROOT + field, "Unsupported value: " + GoQuote.quote(value) + ": supported values: " + list);
  }

  /// A value that must be given.
  static FieldError required(String field, String message) {
    return new FieldError(ROOT + field, "Required value: " + message);
  }

  /// All errors in one line: a single one as it is, several in brackets, each only once.
  static String join(List<FieldError> errors) {
    List<String> texts = errors.stream().map(FieldError::toString).distinct().toList();
    return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
  }

  @Override
  public String toString() {
    return path + ": " + problem;
  }
}
