package kubeproxy.apiclient;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads one small document of YAML or JSON, whole. Errors tell the place and nothing of the text,
/// which may be a secret.
final class Documents {

  private Documents() {}

  /// The value: map, list, string, number, boolean or null.
  ///
  /// @param source where the text comes from, for messages
  static @Nullable Object parse(String source, String text) throws ClientConfigException {
    if (text.stripLeading().startsWith("{")) {
      try {
        return json(text);
      } catch (JacksonException _) {
        // YAML may begin with a brace too.
      }
    }
    return yaml(source, text);
  }

  private static @Nullable Object yaml(String source, String text) throws ClientConfigException {
    LoadSettings settings = LoadSettings.builder().setLabel(source).build();
    try {
      return new Load(settings).loadFromString(text);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String place =
          mark.map(at -> " at line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1))
              .orElse("");
      throw new ClientConfigException(source, "", "not valid YAML or JSON" + place);
    } catch (YamlEngineException _) {
      throw new ClientConfigException(source, "", "not valid YAML or JSON");
    }
  }

  private static @Nullable Object json(String text) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    @Nullable JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not the start of a value: " + token);
    };
  }
}
