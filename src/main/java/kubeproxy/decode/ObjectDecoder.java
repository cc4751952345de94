package kubeproxy.decode;

import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Decodes objects of a type that is known beforehand, as in the answers of the API server.
public final class ObjectDecoder {
  private final Interner interner;

  /// A decoder that shares the copies of repeating texts with all that use the same interner.
  public ObjectDecoder(Interner interner) {
    this.interner = interner;
  }

  /// Decodes the object that the reader stands at the start of. `kind` and `apiVersion` need not be
  /// there.
  ///
  /// @throws MalformedInput if it is no such object
  void decode(TokenReader in, ResourceType type, ObjectSink sink) throws MalformedInput {
    requireObject(in);
    in.beginObject();
    ObjectFields fields = fields(type);
    int line = in.line();
    int column = in.column();
    Expect.fields(in, key -> fields.read(key, in));
    finish(fields, in, line, column, sink);
  }

  /// Decodes the object that the reader stands at the start of, or finds out what it is called and
  /// goes on behind it. `kind` and `apiVersion` need not be there.
  public ObjectReading read(TokenReader in, ResourceType type, ObjectSink sink) {
    return new Attempt(in, fields(type)).read(sink);
  }

  private static void requireObject(TokenReader in) throws MalformedInput {
    if (in.token() != TokenReader.Token.MAP_START) {
      throw in.malformed("must be an object");
    }
  }

  /// Reads an object of which some fields may be malformed, one after the other.
  private static final class Attempt {
    private final TokenReader in;
    private final ObjectFields fields;
    private final int inside;
    private @Nullable MalformedInput error;

    Attempt(TokenReader in, ObjectFields fields) {
      this.in = in;
      this.fields = fields;
      inside = in.depth();
    }

    ObjectReading read(ObjectSink sink) {
      try {
        requireObject(in);
      } catch (MalformedInput e) {
        return failed(e, in.token() == TokenReader.Token.LIST_START ? inside - 1 : inside);
      }
      in.beginObject();
      try {
        while (in.next() != TokenReader.Token.MAP_END) {
          String key = in.text();
          in.next();
          readField(key);
        }
      } catch (MalformedInput e) {
        return failed(error == null ? e : error, inside - 1);
      }
      if (error == null) {
        try {
          finish(fields, in, in.line(), in.column(), sink);
        } catch (MalformedInput e) {
          error = e;
        }
      }
      return result(false);
    }

    private void readField(String key) throws MalformedInput {
      if (error != null && !key.equals("metadata")) {
        in.skip();
        return;
      }
      try {
        fields.read(key, in);
      } catch (MalformedInput e) {
        error = error == null ? e : error;
        in.leave(inside);
      }
    }

    private ObjectReading failed(MalformedInput e, int outside) {
      error = e;
      try {
        in.leave(outside);
        return result(false);
      } catch (MalformedInput _) {
        return result(true);
      }
    }

    private ObjectReading result(boolean lost) {
      ObjectKey key = fields.key();
      return new ObjectReading(key, fields.metadata.resourceVersion, error, lost);
    }
  }

  ObjectFields fields(ResourceType type) {
    return ObjectFields.of(type, interner);
  }

  /// Gives the object of which all fields were read; the reader stands at its end.
  ///
  /// @param line where the object starts
  static void finish(ObjectFields fields, TokenReader in, int line, int column, ObjectSink sink)
      throws MalformedInput {
    String missing = fields.missingField();
    if (missing != null) {
      throw missing(missing, in.path(), line, column);
    }
    fields.emit(sink);
  }

  /// The error about a field that an object lacks; its place is that of the object.
  ///
  /// @param object path of the object within the document
  static MalformedInput missing(String field, String object, int line, int column) {
    String path = object.isEmpty() ? field : object + "." + field;
    return new MalformedInput(line, column, path, "", "must be there");
  }
}
