package kubeproxy.apidecode;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.TrackingReader;
import org.jspecify.annotations.Nullable;

/// Reads a protobuf message as the tokens that the same object has in JSON, by a [MessageShape].
///
/// A field that comes again is a key that comes again, which decoders take as protobuf wants it:
/// the last scalar counts, messages are merged, lists are joined. What a decoder does not ask for
/// is never made a string. When reading the stream fails, methods throw [UncheckedIOException].
final class ProtobufTokenReader extends TrackingReader {
  /// What client-go takes for one event of a watch (`maxBytes` of its streaming decoder), and ten
  /// times what etcd takes for one object.
  static final int MAX_OBJECT_BYTES = 16 << 20;

  private static final int NONE = -1;
  private static final int NO_LIMIT = -1;
  private static final int MAGIC = 'k' << 24 | '8' << 16 | 's' << 8;
  private static final int SECONDS_FIELD = 1;
  private static final int KEY_FIELD = 1;
  private static final int VALUE_FIELD = 2;

  private final CodedInputStream in;
  private final List<Open> opened = new ArrayList<>();
  private int top = -1;
  private final MessageShape root;
  private boolean begun;

  /// A tag that was read and not used, or [#NONE].
  private int peeked = NONE;

  /// The tag of a scalar that stands in the stream still, or [#NONE].
  private int unread = NONE;

  /// The field whose key is the current token, or null.
  private MessageShape.@Nullable Field keyed;

  private String text = "";

  /// The value that belongs to the key of a map that is the current token, or null.
  private @Nullable String entryValue;

  /// What broke the innermost message; told again until that has been left.
  private @Nullable MalformedInput damage;

  /// A message, list or map that was begun and has not ended; used again and again.
  private static final class Open {
    /// For a list or a map, the field that comes one time after the other; else null.
    MessageShape.@Nullable Field run;

    MessageShape shape;
    int tag;
    int outerLimit;
    boolean inline;

    Open(MessageShape shape) {
      this.shape = shape;
    }
  }

  /// A reader of one message, which ends with the stream.
  ProtobufTokenReader(CodedInputStream in, MessageShape root) {
    this.in = in;
    this.root = root;
  }

  @Override
  protected Token advance() throws MalformedInput {
    if (damage != null) {
      throw damage;
    }
    try {
      return read();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Token read() throws IOException, MalformedInput {
    passUnread();
    MessageShape.Field field = keyed;
    if (field != null) {
      keyed = null;
      return field.repeated() || field.type() == MessageShape.Type.TEXT_MAP
          ? openRun(field)
          : value(field);
    }
    if (top < 0) {
      return begin();
    }
    Open open = opened.get(top);
    MessageShape.Field run = open.run;
    if (run == null) {
      return nextField();
    }
    if (run.type() != MessageShape.Type.TEXT_MAP) {
      return continues(open) ? value(run) : closeRun(Token.LIST_END);
    }
    String value = entryValue;
    if (value != null) {
      entryValue = null;
      text = value;
      return Token.STRING;
    }
    return continues(open) ? entry() : closeRun(Token.MAP_END);
  }

  private void passUnread() throws IOException {
    if (unread != NONE) {
      in.skipField(unread);
      unread = NONE;
    }
  }

  private Token begin() {
    if (begun) {
      return Token.END;
    }
    begun = true;
    push(root, null, NO_LIMIT, false);
    return Token.MAP_START;
  }

  private void push(
      MessageShape shape, MessageShape.@Nullable Field run, int outerLimit, boolean inline) {
    top++;
    if (top == opened.size()) {
      opened.add(new Open(shape));
    }
    Open open = opened.get(top);
    open.shape = shape;
    open.run = run;
    open.outerLimit = outerLimit;
    open.inline = inline;
  }

  private int nextTag() throws IOException {
    int tag = peeked == NONE ? in.readTag() : peeked;
    peeked = NONE;
    return tag;
  }

  private Token nextField() throws IOException, MalformedInput {
    while (true) {
      Open open = opened.get(top);
      int tag = nextTag();
      if (tag == 0) {
        closeMessage(open);
        if (!open.inline) {
          return Token.MAP_END;
        }
        continue;
      }
      MessageShape.Field field = open.shape.field(WireFormat.getTagFieldNumber(tag));
      if (field == null) {
        pass(tag);
      } else if (WireFormat.getTagWireType(tag) != field.wireType()) {
        unread = tag;
        throw malformed("field " + field.number() + " is of wire type " + (tag & 7));
      } else if (field.type().isInline()) {
        push(field.inner(), null, in.pushLimit(in.readRawVarint32()), true);
        if (field.type() == MessageShape.Type.ENVELOPE) {
          readMagic();
        }
      } else {
        keyed = field;
        peeked = tag;
        return Token.KEY;
      }
    }
  }

  private void pass(int tag) throws IOException, MalformedInput {
    if (!in.skipField(tag)) {
      throw malformed("a group ends that did not begin");
    }
  }

  private void readMagic() throws IOException, MalformedInput {
    if (Integer.reverseBytes(in.readRawLittleEndian32()) != MAGIC) {
      throw malformed("the object is in no envelope");
    }
  }

  private void closeMessage(Open open) {
    if (open.outerLimit != NO_LIMIT) {
      in.popLimit(open.outerLimit);
    }
    top--;
  }

  private Token openRun(MessageShape.Field field) {
    push(root, field, NO_LIMIT, false);
    opened.get(top).tag = peeked;
    return field.repeated() ? Token.LIST_START : Token.MAP_START;
  }

  /// Whether the run goes on; if so, its tag has been read, and else put back.
  private boolean continues(Open run) throws IOException {
    int tag = nextTag();
    if (tag == run.tag) {
      return true;
    }
    peeked = tag;
    return false;
  }

  private Token closeRun(Token end) {
    top--;
    return end;
  }

  private Token value(MessageShape.Field field) throws IOException, MalformedInput {
    int tag = peeked == NONE ? field.number() << 3 | field.wireType() : peeked;
    peeked = NONE;
    return switch (field.type()) {
      case TEXT -> scalar(tag, Token.STRING);
      case NUMBER -> scalar(tag, Token.INTEGER);
      case FLAG -> scalar(tag, Token.BOOLEAN);
      case TIME -> time();
      case MESSAGE -> message(field);
      case TEXT_MAP, INLINE, ENVELOPE -> throw new IllegalStateException("no value: " + field);
    };
  }

  private Token scalar(int tag, Token token) {
    unread = tag;
    return token;
  }

  private Token message(MessageShape.Field field) throws IOException, MalformedInput {
    int length = in.readRawVarint32();
    if (length > MAX_OBJECT_BYTES) {
      // In its place comes what no decoder takes for an object, so only this one is lost.
      in.skipRawBytes(length);
      text = length + " bytes, more than " + MAX_OBJECT_BYTES;
      return Token.STRING;
    }
    push(field.inner(), null, in.pushLimit(length), false);
    return Token.MAP_START;
  }

  /// An empty message is the zero time, `null` in JSON. Fractions are never written.
  private Token time() throws IOException, MalformedInput {
    int outerLimit = in.pushLimit(in.readRawVarint32());
    long seconds = 0;
    try {
      if (in.isAtEnd()) {
        return Token.NULL;
      }
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == (SECONDS_FIELD << 3 | WireFormat.WIRETYPE_VARINT)) {
          seconds = in.readInt64();
        } else {
          pass(tag);
        }
      }
    } finally {
      in.popLimit(outerLimit);
    }
    try {
      text = Instant.ofEpochSecond(seconds).toString();
    } catch (DateTimeException _) {
      text = Long.toString(seconds);
    }
    return Token.STRING;
  }

  private Token entry() throws IOException, MalformedInput {
    String key = "";
    String value = "";
    int outerLimit = in.pushLimit(in.readRawVarint32());
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case KEY_FIELD << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> key = in.readString();
          case VALUE_FIELD << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> value = in.readString();
          default -> pass(tag);
        }
      }
    } finally {
      in.popLimit(outerLimit);
    }
    text = key;
    entryValue = value;
    return Token.KEY;
  }

  @Override
  protected String key() {
    return keyed == null ? text : keyed.name();
  }

  @Override
  public String text() throws MalformedInput {
    return switch (token()) {
      case MAP_START, MAP_END, LIST_START, LIST_END, NULL, END -> "";
      case KEY -> key();
      case STRING, INTEGER, DECIMAL, BOOLEAN -> scalarText();
    };
  }

  private String scalarText() throws MalformedInput {
    if (unread == NONE) {
      return text;
    }
    unread = NONE;
    try {
      text =
          switch (token()) {
            case INTEGER -> Integer.toString(in.readInt32());
            case BOOLEAN -> in.readBool() ? "true" : "false";
            default -> in.readString();
          };
      return text;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void skip() throws MalformedInput {
    if (token() == Token.MAP_START || token() == Token.LIST_START) {
      leave(depth() - 1);
    }
  }

  @Override
  public void leave(int target) throws MalformedInput {
    if (depth() > target) {
      keyed = null;
      entryValue = null;
    }
    try {
      while (depth() > target) {
        leaveOne(depth() - 1 > target);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void leaveOne(boolean outerToo) throws IOException {
    Open open = opened.get(top);
    if (open.run != null) {
      // A run that is left with its message needs no care.
      if (!outerToo) {
        passUnread();
        while (continues(open)) {
          in.skipField(open.tag);
        }
      }
      top--;
      skipped(Token.LIST_END);
      return;
    }
    damage = null;
    unread = NONE;
    peeked = NONE;
    int rest = in.getBytesUntilLimit();
    if (rest == NO_LIMIT) {
      in.skipMessage();
    } else {
      in.skipRawBytes(rest);
    }
    closeMessage(open);
    if (!open.inline) {
      skipped(Token.MAP_END);
    }
  }

  private MalformedInput failure(IOException e) {
    if (e instanceof InvalidProtocolBufferException) {
      damage = new MalformedInput(0, 0, path(), "", "not valid protobuf: " + e.getMessage());
      return damage;
    }
    throw new UncheckedIOException(e);
  }

  @Override
  public int line() {
    return 0;
  }

  @Override
  public int column() {
    return 0;
  }
}
