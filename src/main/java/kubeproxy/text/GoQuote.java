package kubeproxy.text;

import java.util.List;
import java.util.stream.Collectors;

/// Quoted strings as Go's `strconv.Quote` and the `%q` verb write them.
public final class GoQuote {
  private static final String HEX = "0123456789abcdef";
  private static final int REPLACEMENT = 0xfffd;

  private GoQuote() {}

  /// The text between double quotes, with escapes for what is not printable.
  public static String quote(String text) {
    StringBuilder target = new StringBuilder(text.length() + 2);
    append(target, text);
    return target.toString();
  }

  /// A list as `%q` prints it: `["a" "b"]`.
  public static String quote(List<String> texts) {
    return texts.stream().map(GoQuote::quote).collect(Collectors.joining(" ", "[", "]"));
  }

  /// Appends the quoted text to `target`.
  public static void append(StringBuilder target, String text) {
    target.append('"');
    for (int i = 0; i < text.length(); ) {
      int rune = text.codePointAt(i);
      i += Character.charCount(rune);
      appendRune(target, rune);
    }
    target.append('"');
  }

  private static void appendRune(StringBuilder target, int rune) {
    if (rune == '"' || rune == '\\') {
      target.append('\\').append((char) rune);
    } else if (isPrintable(rune)) {
      target.appendCodePoint(rune);
    } else {
      appendEscape(target, rune);
    }
  }

  private static void appendEscape(StringBuilder target, int rune) {
    switch (rune) {
      case 0x07 -> target.append("\\a");
      case '\b' -> target.append("\\b");
      case '\f' -> target.append("\\f");
      case '\n' -> target.append("\\n");
      case '\r' -> target.append("\\r");
      case '\t' -> target.append("\\t");
      case 0x0b -> target.append("\\v");
      default -> appendNumber(target, rune);
    }
  }

  private static void appendNumber(StringBuilder target, int rune) {
    if (rune < ' ' || rune == 0x7f) {
      appendHex(target.append("\\x"), rune, 2);
    } else if (Character.getType(rune) == Character.SURROGATE) {
      // Half a surrogate pair is no character; Go has no such runes and shows the replacement.
      appendHex(target.append("\\u"), REPLACEMENT, 4);
    } else if (rune < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      appendHex(target.append("\\u"), rune, 4);
    } else {
      appendHex(target.append("\\U"), rune, 8);
    }
  }

  private static void appendHex(StringBuilder target, int value, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      target.append(HEX.charAt(value >>> shift & 0xf));
    }
  }

  /// Letters, marks, numbers, punctuation, symbols and the plain space: `unicode.IsPrint`.
  private static boolean isPrintable(int rune) {
    if (rune < 0x7f) {
      return rune >= ' ';
    }
    return switch (Character.getType(rune)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
