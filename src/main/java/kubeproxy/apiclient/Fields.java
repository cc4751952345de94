package kubeproxy.apiclient;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of an object in a document, by name and type. What is not asked for is not looked at,
/// so unknown fields do no harm. Errors name document and field, and show no value.
final class Fields {
  private final String source;
  private final String path;
  private final Map<?, ?> values;

  private Fields(String source, String path, Map<?, ?> values) {
    this.source = source;
    this.path = path;
    this.values = values;
  }

  /// Those of a whole document.
  ///
  /// @param source where the text comes from, for messages
  static Fields parse(String source, String text) throws ClientConfigException {
    return switch (Documents.parse(source, text)) {
      case Map<?, ?> map -> new Fields(source, "", map);
      case null -> new Fields(source, "", Map.of());
      default -> throw new ClientConfigException(source, "", "must be an object");
    };
  }

  /// Where the document comes from.
  String source() {
    return source;
  }

  /// The path of a field within the document.
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /// An error about a field.
  ClientConfigException error(String name, String message) {
    return new ClientConfigException(source, path(name), message);
  }

  /// A value of any type, or null.
  @Nullable Object value(String name) {
    return values.get(name);
  }

  /// A string; empty if there is none.
  String text(String name) throws ClientConfigException {
    return switch (values.get(name)) {
      case String text -> text;
      case null -> "";
      case Number _, Boolean _ -> throw error(name, "must be a string: put it into quotes");
      default -> throw error(name, "must be a string");
    };
  }

  /// A string that is not empty, if there is one.
  Optional<String> optionalText(String name) throws ClientConfigException {
    return Optional.of(text(name)).filter(text -> !text.isEmpty());
  }

  /// Text that is written as base64; empty if there is none.
  String decoded(String name) throws ClientConfigException {
    String encoded = text(name).replaceAll("\\s", "");
    try {
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw error(name, "not valid base64");
    }
  }

  /// A boolean; false if there is none.
  boolean flag(String name) throws ClientConfigException {
    return switch (values.get(name)) {
      case Boolean flag -> flag;
      case null -> false;
      default -> throw error(name, "must be true or false");
    };
  }

  /// A point in time as RFC 3339 writes it, if there is one.
  Optional<Instant> time(String name) throws ClientConfigException {
    String text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      throw error(name, "must be a time like 2030-01-02T03:04:05Z");
    }
  }

  /// An object, if there is one.
  Optional<Fields> object(String name) throws ClientConfigException {
    return switch (values.get(name)) {
      case Map<?, ?> map -> Optional.of(new Fields(source, path(name), map));
      case null -> Optional.empty();
      default -> throw error(name, "must be an object");
    };
  }

  /// An object; one without fields if there is none.
  Fields objectOrEmpty(String name) throws ClientConfigException {
    return object(name).orElse(new Fields(source, path(name), Map.of()));
  }

  /// The objects of a list; empty if there is none.
  List<Fields> objects(String name) throws ClientConfigException {
    List<Fields> objects = new ArrayList<>();
    for (Object item : list(name)) {
      String place = name + "[" + objects.size() + "]";
      if (!(item instanceof Map<?, ?> map)) {
        throw error(place, "must be an object");
      }
      objects.add(new Fields(source, path(place), map));
    }
    return objects;
  }

  /// The strings of a list; empty if there is none.
  List<String> texts(String name) throws ClientConfigException {
    List<String> texts = new ArrayList<>();
    for (Object item : list(name)) {
      if (!(item instanceof String text)) {
        throw error(name + "[" + texts.size() + "]", "must be a string");
      }
      texts.add(text);
    }
    return texts;
  }

  private List<?> list(String name) throws ClientConfigException {
    return switch (values.get(name)) {
      case List<?> list -> list;
      case null -> List.of();
      default -> throw error(name, "must be a list");
    };
  }
}
