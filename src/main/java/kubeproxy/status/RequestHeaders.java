package kubeproxy.status;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Headers of a request. Names are found in any case.
///
/// @param fields as they came
record RequestHeaders(List<Field> fields) {
  static final RequestHeaders NONE = new RequestHeaders(List.of());

  RequestHeaders {
    fields = List.copyOf(fields);
  }

  /// One line.
  record Field(String name, String value) {}

  /// Headers made of names and values in turn.
  static RequestHeaders of(String... namesAndValues) {
    return new RequestHeaders(
        Stream.iterate(0, i -> i < namesAndValues.length, i -> i + 2)
            .map(i -> new Field(namesAndValues[i], namesAndValues[i + 1]))
            .toList());
  }

  /// All values of a name, in order.
  List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /// Whether one of the elements of a list, as `Connection` has them, is this word.
  boolean lists(String name, String word) {
    return all(name).stream()
        .flatMap(value -> Stream.of(value.toLowerCase(Locale.ROOT).split(",")))
        .anyMatch(element -> element.strip().equals(word));
  }
}
