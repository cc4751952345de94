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

  /// Appends bytes as the `%+q` verb prints them: read as UTF-8, with escapes for all that is not
  /// ASCII and, as `\\xff`, for bytes that are no UTF-8.
  public static void appendAscii(StringBuilder target, byte[] bytes) {
    target.append('"');
    for (int i = 0; i < bytes.length; ) {
      int length = sequenceLength(bytes, i);
      int rune = length == 0 ? bytes[i] & 0xff : runeAt(bytes, i, length);
      if (length == 0) {
        appendHex(target.append("\\x"), rune, 2);
      } else if (rune < 0x7f) {
        appendRune(target, rune);
      } else {
        appendEscape(target, rune);
      }
      i += Math.max(1, length);
    }
    target.append('"');
  }

  /// How many bytes the rune at an index has; 0 if there is none that UTF-8 allows.
  private static int sequenceLength(byte[] bytes, int index) {
    int first = bytes[index] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || index + length > bytes.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[index + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int rune = runeAt(bytes, index, length);
    boolean overlong =
        (length == 3 && rune < 0x800)
            || (length == 4 && rune < Character.MIN_SUPPLEMENTARY_CODE_POINT);
    boolean surrogate = length == 3 && Character.getType(rune) == Character.SURROGATE;
    return overlong || surrogate || rune > Character.MAX_CODE_POINT ? 0 : length;
  }

  private static int runeAt(byte[] bytes, int index, int length) {
    int rune = length == 1 ? bytes[index] : bytes[index] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      rune = (rune << 6) | (bytes[index + i] & 0x3f);
    }
    return rune;
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
