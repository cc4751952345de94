package kubeproxy.config.v1alpha1;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.text.GoDuration;

/// A part of a document that is to be written.
sealed interface Value {

  /// Nothing.
  Value NULL = new Literal("null");

  /// A text, which is quoted where it must be.
  record Text(String text) implements Value {}

  /// A number, a boolean or null, as it is written.
  record Literal(String text) implements Value {}

  /// A list that is not empty.
  record Items(List<Value> values) implements Value {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// A mapping that is not empty, sorted by key.
  record Members(SortedMap<String, Value> values) implements Value {
    public Members {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
  }

  static Value of(String text) {
    return new Text(text);
  }

  static Value of(boolean bool) {
    return new Literal(Boolean.toString(bool));
  }

  static Value of(long number) {
    return new Literal(Long.toString(number));
  }

  /// Without an exponent, in as few digits as tell it from its neighbours.
  static Value of(float number) {
    BigDecimal shortest = new BigDecimal(Float.toString(number)).stripTrailingZeros();
    return new Literal(shortest.toPlainString());
  }

  static Value of(Duration duration) {
    return new Text(GoDuration.format(duration));
  }

  /// A list of texts; null if it is empty.
  static Value of(List<String> texts) {
    return texts.isEmpty() ? NULL : new Items(texts.stream().map(Value::of).toList());
  }
}
