package kubeproxy.decode;

import java.util.Locale;

/// The end of a stream that is not what it should be. Carries no stack trace: it tells about the
/// input, not about this program.
public final class MalformedInput extends Exception {
  /// Longer values are cut in the middle of a message: enough to recognise what was written.
  private static final int VALUE_LIMIT = 100;

  private final int line;
  private final int column;
  private final String path;
  private final String value;

  /// An error at a place of the input.
  ///
  /// @param line from 1, or 0 if unknown
  /// @param column from 1, or 0 if unknown
  /// @param path path of the field within the document, empty if it is about the whole
  /// @param value the offending value as text, empty if there is none
  public MalformedInput(int line, int column, String path, String value, String message) {
    super(printable(message), null, false, false);
    this.line = line;
    this.column = column;
    this.path = path;
    String start = value.length() <= VALUE_LIMIT ? value : value.substring(0, VALUE_LIMIT) + "...";
    this.value = printable(start);
  }

  /// The text with control characters escaped: what is in a file must not break log lines.
  private static String printable(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.chars()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            printable.append(String.format(Locale.ROOT, "\\u%04x", c));
          } else {
            printable.append((char) c);
          }
        });
    return printable.toString();
  }

  /// Line from 1, or 0 if unknown.
  public int line() {
    return line;
  }

  /// Column from 1, or 0 if unknown.
  public int column() {
    return column;
  }

  /// Path of the field within the document; empty if it is about the whole.
  public String path() {
    return path;
  }

  /// The offending value as text, cut if it is long; empty if there is none.
  public String value() {
    return value;
  }

  /// What is wrong, without the place.
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
