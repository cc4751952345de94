package kubeproxy.testing.api;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// JSON and YAML as maps, lists, texts, numbers, truth values and nulls.
public final class Tree {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  private Tree() {}

  /// Reads one JSON document that is an object.
  public static Map<String, @Nullable Object> ofJson(String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      return map(value(parser, parser.nextToken()));
    }
  }

  /// Reads all documents of a YAML stream, which may be JSON, leaving out empty ones.
  public static List<Map<String, @Nullable Object>> ofYaml(String text) {
    List<Map<String, @Nullable Object>> documents = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      if (document != null) {
        documents.add(map(document));
      }
    }
    return documents;
  }

  private static @Nullable Object value(JsonParser in, @Nullable JsonToken token) {
    if (token == null) {
      throw new IllegalArgumentException("the text ends too early");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
          String name = in.currentName();
          map.put(name, value(in, in.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
          list.add(value(in, next));
        }
        yield list;
      }
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("not expected: " + token);
    };
  }

  /// The tree as JSON without blanks.
  public static String toJson(@Nullable Object tree) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      write(out, tree);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, @Nullable Object tree) {
    switch (tree) {
      case null -> out.writeNull();
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach((name, value) -> {
          out.writeName(String.valueOf(name));
          write(out, value);
        });
        out.writeEndObject();
      }
      case Collection<?> list -> {
        out.writeStartArray();
        list.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case Boolean flag -> out.writeBoolean(flag);
      case Double number -> out.writeNumber(number);
      case Number number -> out.writeNumber(number.longValue());
      default -> out.writeString(tree.toString());
    }
  }

  /// A value that is known to be an object.
  @SuppressWarnings("unchecked")
  public static Map<String, @Nullable Object> map(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new IllegalArgumentException("not an object: " + tree);
  }

  /// What is at a path of names, as in `metadata.name`; null if there is nothing.
  public static @Nullable Object at(@Nullable Object tree, String path) {
    @Nullable Object here = tree;
    for (String name : path.split("\\.")) {
      if (!(here instanceof Map<?, ?> map)) {
        return null;
      }
      here = map.get(name);
    }
    return here;
  }

  /// The text at a path; empty if there is none.
  public static String textAt(@Nullable Object tree, String path) {
    Object value = at(tree, path);
    return value == null ? "" : value.toString();
  }

  /// An object of names and values in turn; a null value leaves its name out.
  public static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
      }
    }
    return map;
  }

  /// The tree with the value at a path of names replaced; the given one stays as it is.
  public static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> tree, String path, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(tree);
    int dot = path.indexOf('.');
    if (dot < 0) {
      copy.put(path, value);
    } else {
      String name = path.substring(0, dot);
      Object inner = copy.get(name);
      Map<String, @Nullable Object> below = inner == null ? Map.of() : map(inner);
      copy.put(name, with(below, path.substring(dot + 1), value));
    }
    return copy;
  }
}
