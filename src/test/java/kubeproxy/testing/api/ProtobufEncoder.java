package kubeproxy.testing.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes trees as the protobuf of the API server.
final class ProtobufEncoder {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int LENGTH_BYTES = 4;

  private static final ProtobufSchema SCHEMA = new ProtobufSchema();

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// A message without envelope.
  byte[] message(String name, Map<String, @Nullable Object> tree) {
    return bytes(out -> {
      for (Map.Entry<String, ProtobufSchema.Field> field : SCHEMA.fields(name).entrySet()) {
        Object value = tree.get(field.getKey());
        if (value instanceof List<?> list) {
          for (Object item : list) {
            write(out, field.getValue(), item);
          }
        } else if (value != null) {
          write(out, field.getValue(), value);
        }
      }
    });
  }

  private void write(CodedOutputStream out, ProtobufSchema.Field field, Object value)
      throws IOException {
    int number = field.number();
    switch (field.type()) {
      case "text" -> out.writeString(number, value.toString());
      case "number" -> out.writeInt64(number, ((Number) value).longValue());
      case "flag" -> out.writeBool(number, (Boolean) value);
      case "time" -> {
        long seconds = Instant.parse(value.toString()).getEpochSecond();
        out.writeByteArray(number, bytes(time -> time.writeInt64(1, seconds)));
      }
      case "IntOrString" -> out.writeByteArray(number, bytes(o -> writeIntOrString(o, value)));
      case "map" -> {
        for (Map.Entry<String, @Nullable Object> entry : Tree.map(value).entrySet()) {
          out.writeByteArray(
              number,
              bytes(o -> {
                o.writeString(1, entry.getKey());
                o.writeString(2, String.valueOf(entry.getValue()));
              }));
        }
      }
      default -> out.writeByteArray(number, message(field.type(), Tree.map(value)));
    }
  }

  private static void writeIntOrString(CodedOutputStream out, Object value) throws IOException {
    if (value instanceof Number number) {
      out.writeInt64(1, 0);
      out.writeInt32(2, number.intValue());
    } else {
      out.writeInt64(1, 1);
      out.writeString(3, value.toString());
    }
  }

  /// The magic bytes and an `Unknown` that carries a message.
  byte[] envelope(String apiVersion, String kind, byte[] message) {
    byte[] unknown =
        bytes(out -> {
          out.writeByteArray(
              1,
              bytes(type -> {
                type.writeString(1, apiVersion);
                type.writeString(2, kind);
              }));
          out.writeByteArray(2, message);
          out.writeString(3, "");
          out.writeString(4, "");
        });
    return ByteBuffer.allocate(MAGIC.length + unknown.length).put(MAGIC).put(unknown).array();
  }

  /// A list without envelope.
  byte[] list(Map<String, @Nullable Object> metadata, Iterable<byte[]> items) {
    return bytes(out -> {
      out.writeByteArray(1, message("ListMeta", metadata));
      for (byte[] item : items) {
        out.writeBytes(2, ByteString.copyFrom(item));
      }
    });
  }

  /// A watch event with its length in front.
  byte[] event(String type, byte[] envelope) {
    byte[] event =
        bytes(out -> {
          out.writeByteArray(1, type.getBytes(StandardCharsets.UTF_8));
          out.writeByteArray(2, bytes(raw -> raw.writeByteArray(1, envelope)));
        });
    return ByteBuffer.allocate(LENGTH_BYTES + event.length).putInt(event.length).put(event).array();
  }
}
