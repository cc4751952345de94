package kubeproxy.decode;

import org.jspecify.annotations.Nullable;

/// Reads values that must be of a certain type. Every method finds the reader at the first token of
/// the value and leaves it at the last. As everywhere in the Kubernetes API, `null` is the same as
/// nothing at all.
public final class Expect {

  /// Reads the value of one field.
  public interface FieldReader {
    /// The reader stands at the first token of the value and must be left at the last.
    void read(String key) throws MalformedInput;
  }

  /// Reads one item of a list.
  public interface ItemReader {
    /// The reader stands at the first token of the item and must be left at the last.
    void read() throws MalformedInput;
  }

  private Expect() {}

  /// An object; each field goes to `each`, in the order of the text.
  public static void fields(TokenReader in, FieldReader each) throws MalformedInput {
    switch (in.token()) {
      case NULL -> {}
      case MAP_START -> {
        while (in.next() != TokenReader.Token.MAP_END) {
          String key = in.text();
          in.next();
          each.read(key);
        }
      }
      case MAP_END, LIST_START, LIST_END, KEY, STRING, INTEGER, DECIMAL, BOOLEAN, END ->
          throw in.malformed("must be an object");
    }
  }

  /// A list; each item goes to `each`.
  public static void items(TokenReader in, ItemReader each) throws MalformedInput {
    switch (in.token()) {
      case NULL -> {}
      case LIST_START -> {
        while (in.next() != TokenReader.Token.LIST_END) {
          each.read();
        }
      }
      case MAP_START, MAP_END, LIST_END, KEY, STRING, INTEGER, DECIMAL, BOOLEAN, END ->
          throw in.malformed("must be a list");
    }
  }

  /// A string, or null.
  public static @Nullable String optionalText(TokenReader in) throws MalformedInput {
    return switch (in.token()) {
      case STRING -> in.text();
      case NULL -> null;
      case MAP_START, MAP_END, LIST_START, LIST_END, KEY, INTEGER, DECIMAL, BOOLEAN, END ->
          throw in.malformed("must be a string");
    };
  }

  /// A string; empty for null.
  public static String text(TokenReader in) throws MalformedInput {
    String text = optionalText(in);
    return text == null ? "" : text;
  }

  /// A whole number, or null.
  public static @Nullable Integer optionalNumber(TokenReader in) throws MalformedInput {
    return switch (in.token()) {
      case INTEGER -> integer(in);
      case NULL -> null;
      case MAP_START, MAP_END, LIST_START, LIST_END, KEY, STRING, DECIMAL, BOOLEAN, END ->
          throw in.malformed("must be a whole number");
    };
  }

  /// A whole number; zero for null.
  public static int number(TokenReader in) throws MalformedInput {
    Integer number = optionalNumber(in);
    return number == null ? 0 : number;
  }

  private static int integer(TokenReader in) throws MalformedInput {
    String text = in.text();
    try {
      // The two notations that YAML has beside decimal; JSON has neither.
      if (text.startsWith("0x")) {
        return Integer.parseInt(text, 2, text.length(), 16);
      } else if (text.startsWith("0o")) {
        return Integer.parseInt(text, 2, text.length(), 8);
      }
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw in.malformed("must be a whole number of 32 bits");
    }
  }

  /// A boolean, or `absent` for null.
  public static boolean flag(TokenReader in, boolean absent) throws MalformedInput {
    return switch (in.token()) {
      case BOOLEAN -> in.text().equalsIgnoreCase("true");
      case NULL -> absent;
      case MAP_START, MAP_END, LIST_START, LIST_END, KEY, STRING, INTEGER, DECIMAL, END ->
          throw in.malformed("must be true or false");
    };
  }
}
