package kubeproxy.iptables.program;

import org.jspecify.annotations.Nullable;

/// The words of one line, as `iptables-restore` takes it apart: separated by spaces, in double
/// quotes if they have any.
final class Tokens {
  private final String line;
  private int position;

  Tokens(String line) {
    this.line = line;
  }

  /// Whether there is another word.
  boolean hasNext() {
    while (position < line.length() && line.charAt(position) == ' ') {
      position++;
    }
    return position < line.length();
  }

  /// The next word, or null at the end or in a quoted word that does not end.
  @Nullable String next() {
    if (!hasNext()) {
      return null;
    }
    if (line.charAt(position) == '"') {
      return quoted();
    }
    int end = line.indexOf(' ', position);
    String word = line.substring(position, end < 0 ? line.length() : end);
    position = end < 0 ? line.length() : end;
    return word;
  }

  /// The next word, which stays the next; null at the end.
  @Nullable String peek() {
    int before = position;
    String word = next();
    position = before;
    return word;
  }

  private @Nullable String quoted() {
    StringBuilder word = new StringBuilder();
    for (int i = position + 1; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        position = i + 1;
        return word.toString();
      }
      if (c == '\\' && i + 1 < line.length()) {
        i++;
      }
      word.append(line.charAt(i));
    }
    return null;
  }
}
