package kubeproxy.decode;

/// A cursor over the tokens of a stream of documents, whatever the text format.
///
/// There is always a current token; a fresh reader has [Token#END] until the first [#next()].
/// Documents follow each other without a mark between them: at depth 0 the next token is either
/// the first of another document or [Token#END].
public interface TokenReader {

  /// What a token is.
  enum Token {
    MAP_START,
    MAP_END,
    LIST_START,
    LIST_END,
    /// The key of the next value of a map.
    KEY,
    STRING,
    /// A number without fraction or exponent.
    INTEGER,
    /// Any other number.
    DECIMAL,
    BOOLEAN,
    NULL,
    /// The end of the stream.
    END
  }

  /// Moves to the next token and returns it.
  ///
  /// @throws MalformedInput if the text breaks the rules of its format, nests deeper than
  ///     [TrackingReader#MAX_DEPTH] or repeats a key
  Token next() throws MalformedInput;

  /// The current token.
  Token token();

  /// The text of the current key or scalar as written, without quotes and escapes; empty for any
  /// other token.
  String text() throws MalformedInput;

  /// From a start token to the end token that belongs to it; from any other token nowhere.
  void skip() throws MalformedInput;

  /// How many containers are open; the container that ends with the current token is not.
  int depth();

  /// Goes on after an error, or in spite of what is still to come: to the end of every container
  /// that is deeper than `target`. Nowhere if there is none.
  ///
  /// @throws MalformedInput if it cannot be told where they end
  void leave(int target) throws MalformedInput;

  /// Line of the current token, from 1; 0 if the format has no lines.
  int line();

  /// Column of the current token, from 1; 0 if the format has no lines.
  int column();

  /// Says that the current [Token#MAP_START] opens an object: [#field()] counts from here on.
  void beginObject();

  /// Path of the current value within the object that was begun last, as in `spec.ports[0].port`.
  String field();

  /// Path of the current value within the document, as in `items[3].spec.ports[0].port`.
  String path();

  /// An error about the current value.
  ///
  /// @param message what it must be, as in `must be a string`
  default MalformedInput malformed(String message) {
    String value;
    try {
      value = text();
    } catch (MalformedInput unreadable) {
      return unreadable;
    }
    return new MalformedInput(line(), column(), path(), value, message);
  }
}
