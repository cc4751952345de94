package kubeproxy.config.v1alpha1;

import java.util.Map;
import java.util.regex.Pattern;
import kubeproxy.text.JsonQuote;

/// Writes YAML as the tools of Kubernetes do: two blanks for each level, lists not indented,
/// quotes only where a text would be read as something else.
final class YamlText {
  private static final String PRINTABLE = "[^\\p{Cntrl}\\p{Co}\\p{Cn}\\p{Cs}]*";

  /// What a text may begin with and consist of so that it needs no quotes; `: ` and ` #` apart.
  private static final Pattern PLAIN =
      Pattern.compile("(?:[\\p{L}\\p{N}_./$+(~^;<=\\\\]|[-?:](?=[^\\s]))" + PRINTABLE);

  private static final Pattern QUOTABLE = Pattern.compile(PRINTABLE);

  private final StringBuilder target = new StringBuilder();

  private YamlText() {}

  static String of(Value.Members document) {
    YamlText text = new YamlText();
    text.members(document, 0, 0);
    return text.target.toString();
  }

  /// @param first blanks before the first line, the rest of which is there already
  private void members(Value.Members members, int first, int indent) {
    int blanks = first;
    for (Map.Entry<String, Value> member : members.values().entrySet()) {
      target.repeat(' ', blanks);
      blanks = indent;
      scalar(member.getKey());
      target.append(':');
      switch (member.getValue()) {
        case Value.Text(String text) -> {
          target.append(' ');
          scalar(text);
          target.append('\n');
        }
        case Value.Literal(String text) -> target.append(' ').append(text).append('\n');
        case Value.Items items -> {
          target.append('\n');
          items(items, indent);
        }
        case Value.Members nested -> {
          target.append('\n');
          members(nested, indent + 2, indent + 2);
        }
      }
    }
  }

  private void items(Value.Items items, int indent) {
    for (Value item : items.values()) {
      target.repeat(' ', indent).append("- ");
      switch (item) {
        case Value.Text(String text) -> {
          scalar(text);
          target.append('\n');
        }
        case Value.Literal(String text) -> target.append(text).append('\n');
        case Value.Members members -> members(members, 0, indent + 2);
        case Value.Items _ -> throw new IllegalArgumentException("a list in a list");
      }
    }
  }

  private void scalar(String text) {
    Node.Scalar unquoted = new Node.Scalar(text, true, 1, 1);
    if (!unquoted.isText() || unquoted.isMerge()) {
      target.append('"').append(text).append('"');
    } else if (isPlain(text)) {
      target.append(text);
    } else if (QUOTABLE.matcher(text).matches()) {
      target.append('\'').append(text.replace("'", "''")).append('\'');
    } else {
      JsonQuote.append(target, text);
    }
  }

  private static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches()
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.endsWith(":")
        && !text.endsWith(" ")
        && !text.startsWith("---")
        && !text.startsWith("...");
  }
}
