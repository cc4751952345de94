package kubeproxy.decode;

/// Decodes objects of a type that is known beforehand, as in the answers of the API server. Uses
/// one copy of texts that repeat across all objects that it decodes: use one per list.
public final class ObjectDecoder {
  private final Interner interner = new Interner();

  /// Decodes the object that the reader stands at the start of; leaves the reader at its end.
  /// `kind` and `apiVersion` may be there and are not looked at.
  ///
  /// @throws MalformedInput if it is no such object
  public void decode(TokenReader in, ResourceType type, ObjectSink sink) throws MalformedInput {
    if (in.token() != TokenReader.Token.MAP_START) {
      throw in.malformed("must be an object");
    }
    in.beginObject();
    ObjectFields fields = fields(type);
    int line = in.line();
    int column = in.column();
    Expect.fields(in, key -> fields.read(key, in));
    finish(fields, in, line, column, sink);
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
