package kubeproxy.status;

import java.util.List;
import java.util.Locale;

/// What a client prefers, by the `q` weights of `Accept` and `Accept-Encoding` (RFC 9110, 12.4).
final class AcceptHeader {
  private final String text;

  /// @param values all headers of the name
  AcceptHeader(List<String> values) {
    this.text = String.join(",", values).toLowerCase(Locale.ROOT);
  }

  /// The weight of exactly this name: 0 if it is not mentioned or refused, at most 1.
  double weight(String name) {
    for (String element : text.split(",")) {
      String[] parts = element.split(";");
      if (parts.length > 0 && parts[0].strip().equals(name)) {
        return weight(parts);
      }
    }
    return 0;
  }

  private static double weight(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException _) {
          return 0;
        }
      }
    }
    return 1;
  }
}
