package kubeproxy.decode;

import java.util.Arrays;

/// Tokens put aside until it is known what they mean, with their texts and places. Kubernetes tools
/// sort the fields of an object by name, so much of it can come before its `kind`.
final class BufferedTokens {
  /// Most often there is only the `addressType` of an EndpointSlice.
  private static final int FIRST_CAPACITY = 4;

  private final String origin;
  private final int line;
  private final int column;
  private TokenReader.Token[] tokens = new TokenReader.Token[FIRST_CAPACITY];
  private String[] texts = new String[FIRST_CAPACITY];
  private int[] lines = new int[FIRST_CAPACITY];
  private int[] columns = new int[FIRST_CAPACITY];
  private int size;

  /// An empty buffer for parts of one object.
  ///
  /// @param origin the path of the object within the document
  /// @param line where the object starts
  BufferedTokens(String origin, int line, int column) {
    this.origin = origin;
    this.line = line;
    this.column = column;
  }

  /// Adds a field of the object: the key and all of its value. The reader stands at the first
  /// token of the value, and afterwards at its last.
  void addField(String key, TokenReader in) throws MalformedInput {
    add(TokenReader.Token.KEY, key, in.line(), in.column());
    addValue(in);
  }

  private void addValue(TokenReader in) throws MalformedInput {
    int open = 0;
    while (true) {
      TokenReader.Token token = in.token();
      add(token, in.text(), in.line(), in.column());
      if (token == TokenReader.Token.MAP_START || token == TokenReader.Token.LIST_START) {
        open++;
      } else if (token == TokenReader.Token.MAP_END || token == TokenReader.Token.LIST_END) {
        open--;
      }
      if (open == 0) {
        return;
      }
      in.next();
    }
  }

  private void add(TokenReader.Token token, String text, int line, int column) {
    if (size == tokens.length) {
      int capacity = 2 * size;
      tokens = Arrays.copyOf(tokens, capacity);
      texts = Arrays.copyOf(texts, capacity);
      lines = Arrays.copyOf(lines, capacity);
      columns = Arrays.copyOf(columns, capacity);
    }
    tokens[size] = token;
    texts[size] = text;
    lines[size] = line;
    columns[size] = column;
    size++;
  }

  /// A reader of the fields kept, as one object; it stands at that object's start.
  TokenReader replay() throws MalformedInput {
    Replay replay = new Replay();
    replay.next();
    return replay;
  }

  /// The buffer as the object that its fields make up: a start token comes before them and an end
  /// token after them.
  private final class Replay extends TrackingReader {
    private int at = -2;

    @Override
    protected Token advance() {
      at++;
      if (at < 0) {
        return Token.MAP_START;
      }
      if (at >= size) {
        return at == size ? Token.MAP_END : Token.END;
      }
      return tokens[at];
    }

    @Override
    protected String origin() {
      return origin;
    }

    @Override
    protected String key() {
      return texts[at];
    }

    @Override
    public String text() {
      return at < 0 || at >= size ? "" : texts[at];
    }

    @Override
    public int line() {
      return at < 0 || at >= size ? line : lines[at];
    }

    @Override
    public int column() {
      return at < 0 || at >= size ? column : columns[at];
    }
  }
}
