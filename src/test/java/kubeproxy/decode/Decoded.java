package kubeproxy.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Problem;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// What a decoder gave for a text.
record Decoded(
    List<ClusterObject> objects, List<Problem> ignored, List<String> skipped, int documents) {

  /// Decodes YAML, and the same as JSON, which must come to the same.
  static Decoded of(String yaml) {
    Decoded fromYaml;
    Decoded fromJson;
    try {
      fromYaml = ofYaml(yaml.getBytes(UTF_8));
      fromJson = ofJson(toJson(yaml).getBytes(UTF_8));
    } catch (MalformedInput e) {
      throw new AssertionError(describe(e), e);
    }
    assertThat(fromJson).isEqualTo(fromYaml);
    return fromYaml;
  }

  static Decoded ofYaml(byte[] text) throws MalformedInput {
    return decode(new YamlTokenReader(new ByteArrayInputStream(text)));
  }

  static Decoded ofJson(byte[] text) throws MalformedInput {
    return decode(new JsonTokenReader(new ByteArrayInputStream(text)));
  }

  /// The error of a YAML text, as `line:column: path: message, not value`.
  static String errorOfYaml(String yaml) {
    try {
      throw new AssertionError("decoded: " + ofYaml(yaml.getBytes(UTF_8)));
    } catch (MalformedInput e) {
      return describe(e);
    }
  }

  /// The error of a JSON text.
  static String errorOfJson(String json) {
    try {
      throw new AssertionError("decoded: " + ofJson(json.getBytes(UTF_8)));
    } catch (MalformedInput e) {
      return describe(e);
    }
  }

  private static String describe(MalformedInput e) {
    String value = e.value().isEmpty() ? "" : ", not " + e.value();
    return e.line() + ":" + e.column() + ": " + e.path() + ": " + e.message() + value;
  }

  /// The only object, which must be of that type.
  <T extends ClusterObject> T only(Class<T> type) {
    assertThat(objects).hasSize(1);
    return type.cast(objects.getFirst());
  }

  private static Decoded decode(TokenReader in) throws MalformedInput {
    Collector collector = new Collector();
    int documents = new DocumentDecoder(collector).decode(in);
    return new Decoded(collector.objects, collector.ignored, collector.skipped, documents);
  }

  static final class Collector implements ObjectSink {
    final List<ClusterObject> objects = new ArrayList<>();
    final List<Problem> ignored = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();

    @Override
    public void object(ClusterObject object) {
      objects.add(object);
    }

    @Override
    public void ignored(Problem problem) {
      ignored.add(problem);
    }

    @Override
    public void skipped(String kind) {
      skipped.add(kind);
    }
  }

  /// YAML documents as JSON documents, one per line.
  static String toJson(String yaml) {
    StringBuilder json = new StringBuilder();
    new Load(LoadSettings.builder().setSchema(new CoreSchema()).build())
        .loadAllFromString(yaml)
        .forEach(document -> json.append(json(document)).append('\n'));
    return json.toString();
  }

  private static String json(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(Decoded::json).collect(Collectors.joining(",", "[", "]"));
      case String text -> quoted(text);
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
