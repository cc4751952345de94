package kubeproxy.apidecode;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// An object of the API with the field names of JSON and the field numbers of protobuf, for writing
/// it in either. Knows nothing of the decoders.
///
/// Values are strings, integers, booleans, instants, trees, maps of strings and lists of these.
final class Tree {

  /// One field.
  record Field(int number, String name, Object value) {}

  /// Texts of which no value is an error, so that only the last one can be seen.
  private static final Set<String> REPLACEABLE =
      Set.of("name", "namespace", "nodeName", "resourceVersion", "hostname");

  private final List<Field> fields = new ArrayList<>();

  /// Adds a field and returns this.
  Tree with(int number, String name, Object value) {
    fields.add(new Field(number, name, value));
    return this;
  }

  /// The JSON text.
  String json() {
    return fields.stream()
        .map(field -> quoted(field.name) + ":" + json(field.value))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(Object value) {
    return switch (value) {
      case Tree tree -> tree.json();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list -> list.stream().map(Tree::json).collect(Collectors.joining(",", "[", "]"));
      case String text -> quoted(text);
      case Instant time -> quoted(time.toString());
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\' || c < ' ') {
            quoted.append(String.format("\\u%04x", c));
          } else {
            quoted.append((char) c);
          }
        });
    return quoted.append('"').toString();
  }

  /// The protobuf message, in the order of the fields.
  byte[] protobuf() {
    return written(out -> {
      for (Field field : fields) {
        write(out, field);
      }
    });
  }

  /// The protobuf message as the specification also allows it: fields in another order, fields that
  /// nobody knows, scalars that a later one of the same number replaces, messages in two parts.
  byte[] oddProtobuf(Random random) {
    List<byte[]> parts = new ArrayList<>();
    for (Field field : fields) {
      byte[] last = written(out -> writeOddly(out, field, random));
      if (REPLACEABLE.contains(field.name) && random.nextBoolean()) {
        last = join(written(out -> write(out, new Field(field.number, "", "early"))), last);
      } else if (field.value instanceof Tree tree && random.nextBoolean()) {
        Tree front = new Tree();
        Tree back = new Tree();
        tree.fields.forEach(inner -> (random.nextBoolean() ? front : back).fields.add(inner));
        last =
            join(
                written(out -> writeOddly(out, new Field(field.number, "", front), random)),
                written(out -> writeOddly(out, new Field(field.number, "", back), random)));
      }
      parts.add(last);
    }
    Collections.shuffle(parts, random);
    if (random.nextBoolean()) {
      parts.add(written(out -> out.writeString(900 + random.nextInt(100), "of the future")));
    }
    if (random.nextBoolean()) {
      parts.addFirst(written(out -> out.writeUInt64(77, random.nextLong())));
    }
    return written(out -> {
      for (byte[] part : parts) {
        out.writeRawBytes(part);
      }
    });
  }

  private interface Writer {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writer.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    return written(out -> {
      out.writeRawBytes(first);
      out.writeRawBytes(second);
    });
  }

  private static void writeOddly(CodedOutputStream out, Field field, Random random)
      throws IOException {
    switch (field.value) {
      case Tree tree -> out.writeByteArray(field.number, tree.oddProtobuf(random));
      case List<?> list -> {
        for (Object item : list) {
          writeOddly(out, new Field(field.number, "", item), random);
        }
      }
      default -> write(out, field);
    }
  }

  private static void write(CodedOutputStream out, Field field) throws IOException {
    int number = field.number;
    switch (field.value) {
      case Tree tree -> out.writeByteArray(number, tree.protobuf());
      case String text -> out.writeString(number, text);
      case Integer value -> out.writeInt32(number, value);
      case Boolean value -> out.writeBool(number, value);
      case Instant time ->
          out.writeByteArray(
              number,
              new Tree().with(1, "", (int) time.getEpochSecond()).with(2, "", 0).protobuf());
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          Tree pair = new Tree().with(1, "", entry.getKey()).with(2, "", entry.getValue());
          write(out, new Field(number, "", pair));
        }
      }
      case List<?> list -> {
        for (Object item : list) {
          write(out, new Field(number, "", item));
        }
      }
      default -> throw new IllegalArgumentException("no value: " + field);
    }
  }

  /// A list of objects in JSON.
  static byte[] jsonList(ApiResource resource, List<Tree> items) {
    String json =
        "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"7\"},"
                .formatted(resource.kind(), resource.apiVersion())
            + "\"items\":"
            + json(items)
            + "}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /// A list of objects in protobuf, each already written.
  static byte[] protobufList(ApiResource resource, List<byte[]> items) {
    byte[] list =
        written(out -> {
          out.writeByteArray(1, new Tree().with(2, "resourceVersion", "7").protobuf());
          for (byte[] item : items) {
            out.writeByteArray(2, item);
          }
        });
    return enveloped(resource.apiVersion(), resource.kind() + "List", list);
  }

  /// A message with the magic bytes in front, in an `Unknown`.
  static byte[] enveloped(String apiVersion, String kind, byte[] message) {
    byte[] type = new Tree().with(1, "apiVersion", apiVersion).with(2, "kind", kind).protobuf();
    return written(out -> {
      out.writeRawBytes(new byte[] {'k', '8', 's', 0});
      out.writeByteArray(1, type);
      out.writeByteArray(2, message);
      out.writeString(3, "");
      out.writeString(4, "");
    });
  }

  /// An event of a watch in JSON, as a line.
  static byte[] jsonEvent(String type, String object) {
    String line = "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /// An event of a watch in protobuf, with its length in front.
  ///
  /// @param object in its envelope
  static byte[] protobufEvent(String type, byte[] object) {
    byte[] raw = written(out -> out.writeByteArray(1, object));
    byte[] event =
        written(out -> {
          out.writeString(1, type);
          out.writeByteArray(2, raw);
        });
    return written(out -> {
      out.write((byte) (event.length >>> 24));
      out.write((byte) (event.length >>> 16));
      out.write((byte) (event.length >>> 8));
      out.write((byte) event.length);
      out.writeRawBytes(event);
    });
  }
}
