package kubeproxy.apidecode;

import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/// The fields of a protobuf message that are read, each with its number and its name in JSON. All
/// others are passed over.
final class MessageShape {

  /// What a field holds, and what it is as JSON.
  enum Type {
    /// A string.
    TEXT,
    /// A number of 32 bits.
    NUMBER,
    FLAG,
    /// A `Time` of meta/v1: a message here, a string in JSON.
    TIME,
    /// A map of strings to strings: repeated messages here, an object in JSON.
    TEXT_MAP,
    MESSAGE,
    /// A message whose fields are those of the outer one in JSON.
    INLINE,
    /// An object in its envelope: `k8s`, a zero byte, and a message. As JSON, the object.
    ENVELOPE;

    /// Whether the fields within are those of the outer object.
    boolean isInline() {
      return this == INLINE || this == ENVELOPE;
    }

    private int wireType() {
      return switch (this) {
        case NUMBER, FLAG -> WireFormat.WIRETYPE_VARINT;
        case TEXT, TIME, TEXT_MAP, MESSAGE, INLINE, ENVELOPE ->
            WireFormat.WIRETYPE_LENGTH_DELIMITED;
      };
    }
  }

  /// One field.
  ///
  /// @param message the shape of what is in it, for the types that are messages
  record Field(
      int number, String name, Type type, boolean repeated, @Nullable MessageShape message) {

    int wireType() {
      return type.wireType();
    }

    /// The shape of what is in it.
    MessageShape inner() {
      if (message == null) {
        throw new IllegalStateException(name + " is no message");
      }
      return message;
    }
  }

  private final @Nullable Field[] byNumber;

  private MessageShape(@Nullable Field[] byNumber) {
    this.byNumber = byNumber;
  }

  static MessageShape of(Field... fields) {
    int last = 0;
    for (Field field : fields) {
      last = Math.max(last, field.number);
    }
    @Nullable Field[] byNumber = new @Nullable Field[last + 1];
    for (Field field : fields) {
      byNumber[field.number] = field;
    }
    return new MessageShape(byNumber);
  }

  /// The field of that number, or null if it is not read.
  @Nullable Field field(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }

  static Field text(int number, String name) {
    return new Field(number, name, Type.TEXT, false, null);
  }

  static Field texts(int number, String name) {
    return new Field(number, name, Type.TEXT, true, null);
  }

  static Field textMap(int number, String name) {
    return new Field(number, name, Type.TEXT_MAP, false, null);
  }

  static Field number(int number, String name) {
    return new Field(number, name, Type.NUMBER, false, null);
  }

  static Field flag(int number, String name) {
    return new Field(number, name, Type.FLAG, false, null);
  }

  static Field time(int number, String name) {
    return new Field(number, name, Type.TIME, false, null);
  }

  static Field message(int number, String name, MessageShape message) {
    return new Field(number, name, Type.MESSAGE, false, message);
  }

  static Field messages(int number, String name, MessageShape message) {
    return new Field(number, name, Type.MESSAGE, true, message);
  }

  static Field inline(int number, MessageShape message) {
    return new Field(number, "", Type.INLINE, false, message);
  }

  static Field envelope(int number, MessageShape message) {
    return new Field(number, "", Type.ENVELOPE, false, message);
  }
}
