package kubeproxy.config.v1alpha1;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import kubeproxy.text.GoQuote;

/// A part of a YAML document, and where it begins: line and column count from 1.
sealed interface Node {

  int line();

  int column();

  /// The part in a few words, for messages.
  String described();

  /// One value.
  ///
  /// @param plain whether it is written without quotes, so that it may be no text
  record Scalar(String text, boolean plain, int line, int column) implements Node {
    // Upstream's library reads YAML 1.1, in which these are booleans too.
    private static final Set<String> TRUE =
        Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y");
    private static final Set<String> FALSE =
        Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern NUMBER =
        Pattern.compile(
            "[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+"
                + "|[0-9][0-9_]*(?:\\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
                + "|\\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|\\.(?:inf|Inf|INF))"
                + "|\\.(?:nan|NaN|NAN)");

    /// Whether it is, as a key, no name but says that other mappings are part of this one.
    boolean isMerge() {
      return plain && text.equals("<<");
    }

    boolean isNull() {
      return plain && NULL.contains(text);
    }

    boolean isTrue() {
      return plain && TRUE.contains(text);
    }

    boolean isFalse() {
      return plain && FALSE.contains(text);
    }

    boolean isNumber() {
      return plain && NUMBER.matcher(text).matches();
    }

    boolean isText() {
      return !isNull() && !isTrue() && !isFalse() && !isNumber();
    }

    @Override
    public String described() {
      if (isNull()) {
        return "nothing";
      }
      if (isTrue() || isFalse()) {
        return "the boolean " + text;
      }
      return isNumber() ? "the number " + text : "the text " + shortened();
    }

    private String shortened() {
      return GoQuote.quote(text.length() <= 60 ? text : text.substring(0, 57) + "...");
    }
  }

  /// A list.
  record Items(List<Node> nodes, int line, int column) implements Node {
    public Items {
      nodes = List.copyOf(nodes);
    }

    @Override
    public String described() {
      return "a list";
    }
  }

  /// A mapping, with repeated keys in it.
  record Fields(List<Field> fields, int line, int column) implements Node {
    public Fields {
      fields = List.copyOf(fields);
    }

    @Override
    public String described() {
      return "a mapping";
    }
  }

  /// An entry of a mapping.
  record Field(Scalar key, Node value) {}
}
