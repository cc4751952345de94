package kubeproxy.config.v1alpha1;

import java.util.List;
import java.util.Map;
import kubeproxy.text.JsonQuote;

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
      case Value.Text(String text) -> JsonQuote.append(target, text);
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
          JsonQuote.append(target, member.getKey());
          target.append(':');
          value(member.getValue());
          before = ',';
        }
        target.append('}');
      }
    }
  }
}
