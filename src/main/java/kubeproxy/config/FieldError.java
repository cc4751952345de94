package kubeproxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kubeproxy.text.GoDuration;
import kubeproxy.text.GoQuote;

/// One thing that is wrong with the configuration.
///
/// @param path the field, as in `KubeProxyConfiguration.BindAddress`
/// @param problem what is wrong, with the value
record FieldError(String path, String problem) {

  /// A value that is not allowed. Everything but numbers is shown as JSON.
  static FieldError invalid(String path, Object value, String message) {
    return new FieldError(path, "Invalid value: " + shown(value) + ": " + message);
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> GoQuote.quote(text);
      case Duration duration -> GoQuote.quote(GoDuration.format(duration));
      case List<?> list ->
          list.stream().map(FieldError::shown).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> shown(entry.getKey()) + ":" + shown(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      default -> value.toString();
    };
  }

  /// A value that is none of a few.
  static FieldError unsupported(String path, String value, List<String> supported) {
    String list = supported.stream().map(GoQuote::quote).collect(Collectors.joining(", "));
    return new FieldError(
        path, "Unsupported value: " + GoQuote.quote(value) + ": supported values: " + list);
  }

  /// A value that must be given.
  static FieldError required(String path, String message) {
    return new FieldError(path, "Required value: " + message);
  }

  /// A value that would be fine under other circumstances.
  static FieldError forbidden(String path, String message) {
    return new FieldError(path, "Forbidden: " + message);
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
