package kubeproxy.config.v1alpha1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import kubeproxy.text.GoDuration;

/// One mapping of the document while its fields are asked for. A field that is missing or null is
/// empty; one of the wrong type is told as an error, and is empty as well. What nobody has asked
/// for until [#end()] is a field that does not exist.
final class Section {
  private static final BigInteger MAX_UINT32 = BigInteger.TWO.pow(32).subtract(BigInteger.ONE);

  private final Findings findings;
  private final String path;
  private final Map<String, Node.Field> unread = new LinkedHashMap<>();

  private Section(Findings findings, String path, List<Node.Field> fields) {
    this.findings = findings;
    this.path = path;
    for (Node.Field field : fields) {
      Node.Field earlier = unread.put(field.key().text(), field);
      if (earlier != null) {
        findings.warn(
            field.key(),
            "duplicate field \"" + pathOf(field.key().text()) + "\"; the last one counts");
      }
    }
  }

  /// The whole document.
  static Section root(Findings findings, Node.Fields fields) {
    return new Section(findings, "", fields.fields());
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// Tells of the fields that do not exist.
  void end() {
    for (Node.Field field : unread.values()) {
      findings.warn(field.key(), "unknown field \"" + pathOf(field.key().text()) + "\" is ignored");
    }
  }

  Optional<String> text(String key) {
    return scalar(key, "a text").flatMap(scalar -> text(scalar, pathOf(key)));
  }

  private Optional<String> text(Node.Scalar scalar, String where) {
    if (scalar.isText()) {
      return Optional.of(scalar.text());
    }
    return wrong(scalar, where, "a text", "put it in quotes");
  }

  Optional<Boolean> bool(String key) {
    return scalar(key, "a boolean").flatMap(scalar -> bool(scalar, pathOf(key)));
  }

  private Optional<Boolean> bool(Node.Scalar scalar, String where) {
    if (scalar.isTrue() || scalar.isFalse()) {
      return Optional.of(scalar.isTrue());
    }
    return wrong(scalar, where, "a boolean (true or false)", "");
  }

  Optional<Integer> int32(String key) {
    BigInteger limit = BigInteger.ONE.shiftLeft(31);
    return whole(key, limit.negate(), limit.subtract(BigInteger.ONE))
        .map(BigInteger::intValueExact);
  }

  Optional<Long> uint32(String key) {
    return whole(key, BigInteger.ZERO, MAX_UINT32).map(BigInteger::longValueExact);
  }

  private Optional<BigInteger> whole(String key, BigInteger least, BigInteger most) {
    String type = "a whole number from " + least + " to " + most;
    return scalar(key, type)
        .flatMap(scalar -> {
          Optional<BigInteger> number =
              scalar.isNumber() ? Numbers.whole(scalar.text()) : Optional.empty();
          return number
              .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0)
              .or(() -> wrong(scalar, pathOf(key), type, ""));
        });
  }

  Optional<Float> decimal(String key) {
    String type = "a number";
    return scalar(key, type)
        .flatMap(scalar -> {
          Optional<BigDecimal> number =
              scalar.isNumber() ? Numbers.exact(scalar.text()) : Optional.empty();
          return number
              .map(BigDecimal::floatValue)
              .filter(Float::isFinite)
              .or(() -> wrong(scalar, pathOf(key), type, ""));
        });
  }

  Optional<Duration> duration(String key) {
    String type = "a duration such as \"30s\"";
    return scalar(key, type).flatMap(scalar -> duration(scalar, pathOf(key), type));
  }

  private Optional<Duration> duration(Node.Scalar scalar, String where, String type) {
    // A lone zero without quotes is a number to YAML, and so is everything else without a unit.
    if (!scalar.isText()) {
      return wrong(scalar, where, type, "");
    }
    return switch (GoDuration.parse(scalar.text())) {
      case GoDuration.Parsed.Valid(Duration duration) -> Optional.of(duration);
      case GoDuration.Parsed.Invalid(String reason) -> wrong(scalar, where, type, reason);
    };
  }

  /// A duration, or a number of nanoseconds.
  Optional<Duration> durationOrNanoseconds(String key) {
    String type = "a duration such as \"30s\" or a number of nanoseconds";
    return scalar(key, type)
        .flatMap(scalar -> {
          if (!scalar.isNumber()) {
            return duration(scalar, pathOf(key), type);
          }
          return Numbers.whole(scalar.text())
              .filter(nanoseconds -> nanoseconds.bitLength() < Long.SIZE)
              .map(nanoseconds -> Duration.ofNanos(nanoseconds.longValueExact()))
              .or(() -> wrong(scalar, pathOf(key), type, ""));
        });
  }

  Optional<Quantity> quantity(String key) {
    String type = "a quantity such as 512 or \"64Ki\"";
    return scalar(key, type)
        .flatMap(scalar -> {
          if (!scalar.isText() && !scalar.isNumber()) {
            return wrong(scalar, pathOf(key), type, "");
          }
          return switch (Quantity.parse(scalar.text())) {
            case Quantity.Parsed.Valid(Quantity quantity) -> Optional.of(quantity);
            case Quantity.Parsed.Invalid(String reason) -> wrong(scalar, pathOf(key), type, reason);
          };
        });
  }

  /// A list of texts, in which null is an empty text; an empty list if there is none.
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<Node> nodes = items(key, "a list of texts");
    for (int i = 0; i < nodes.size(); i++) {
      String where = pathOf(key) + "[" + i + "]";
      switch (nodes.get(i)) {
        case Node.Scalar scalar when scalar.isNull() -> texts.add("");
        case Node.Scalar scalar -> text(scalar, where).ifPresent(texts::add);
        case Node.Items other -> wrong(other, where, "a text", "");
        case Node.Fields other -> wrong(other, where, "a text", "");
      }
    }
    return texts;
  }

  /// A mapping from names to booleans; an empty one if there is none.
  SortedMap<String, Boolean> bools(String key) {
    Optional<Section> section = mapping(key);
    if (section.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, Boolean> bools = new TreeMap<>();
    for (String name : List.copyOf(section.get().unread.keySet())) {
      bools.put(name, section.get().bool(name).orElse(false));
    }
    return bools;
  }

  /// A mapping, read by `reader`; a missing one is read as an empty one.
  <T> T section(String key, Function<Section, T> reader) {
    Section section = mapping(key).orElseGet(() -> new Section(findings, pathOf(key), List.of()));
    T read = reader.apply(section);
    section.end();
    return read;
  }

  /// A list of mappings, each read by `reader`; an empty list if there is none.
  <T> List<T> sections(String key, Function<Section, T> reader) {
    List<T> read = new ArrayList<>();
    List<Node> nodes = items(key, "a list of mappings");
    for (int i = 0; i < nodes.size(); i++) {
      String where = pathOf(key) + "[" + i + "]";
      if (nodes.get(i) instanceof Node.Fields fields) {
        Section section = new Section(findings, where, fields.fields());
        read.add(reader.apply(section));
        section.end();
      } else {
        wrong(nodes.get(i), where, "a mapping", "");
      }
    }
    return read;
  }

  private Optional<Section> mapping(String key) {
    return take(key)
        .flatMap(node ->
            node instanceof Node.Fields fields
                ? Optional.of(new Section(findings, pathOf(key), fields.fields()))
                : wrong(node, pathOf(key), "a mapping", ""));
  }

  private List<Node> items(String key, String type) {
    Optional<Node> node = take(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof Node.Items items) {
      return items.nodes();
    }
    wrong(node.get(), pathOf(key), type, "");
    return List.of();
  }

  private Optional<Node.Scalar> scalar(String key, String type) {
    return take(key)
        .flatMap(node ->
            node instanceof Node.Scalar scalar
                ? Optional.of(scalar)
                : wrong(node, pathOf(key), type, ""));
  }

  /// The value of the field, unless there is none or it is null.
  private Optional<Node> take(String key) {
    Node.Field field = unread.remove(key);
    if (field == null || (field.value() instanceof Node.Scalar scalar && scalar.isNull())) {
      return Optional.empty();
    }
    return Optional.of(field.value());
  }

  private <T> Optional<T> wrong(Node node, String where, String type, String reason) {
    String why = reason.isEmpty() ? "" : " (" + reason + ")";
    findings.refuse(node, where + ": must be " + type + ", but is " + node.described() + why);
    return Optional.empty();
  }
}
