package kubeproxy.config.v1alpha1;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Writes JSON without any blanks.
final class JsonText {
  private final StringBuilder target = new StringBuilder();

  private JsonText() {}

  static String of(Value document) {
    JsonText text = new JsonText();
    text.value(document);
    return text.target.toString();
  }

  private void value(Value value) {
    switch (value) {
      case Value.Text(String text) -> quote(target, text);
      case Value.Literal(String text) -> target.append(text);
      case Value.Items(List<Value> values) -> {
        char before = '[';
        for (Value item : values) {
          target.append(before);
          value(item);
          before = ',';
        }
        target.append(']');
      }
      case Value.Members members -> {
        char before = '{';
        for (Map.Entry<String, Value> member : members.values().entrySet()) {
          target.append(before);
          quote(target, member.getKey());
          target.append(':');
          value(member.getValue());
          before = ',';
        }
        target.append('}');
      }
    }
  }

  /// Between double quotes, in a form that YAML reads as well.
  static void quote(StringBuilder target, String text) {
    target.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        target.append('\\').append(c);
      } else if (c == '\n') {
        target.append("\\n");
      } else if (c < ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c >= 0xfff0) {
        target.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        target.append(c);
      }
    }
    target.append('"');
  }
}
