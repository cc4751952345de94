package kubeproxy.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The part of a reader that does not depend on the format: knows where in the document the current
/// token is and limits how deep it nests.
public abstract class TrackingReader implements TokenReader {

  /// Containers within containers. The deepest objects of the API, definitions of custom
  /// resources, stay far below; without a limit a few megabytes of brackets cost a stack each.
  public static final int MAX_DEPTH = 256;

  private @Nullable String[] keys = new @Nullable String[16];
  private int[] indexes = new int[16];
  private int depth;

  /// Containers open beyond the deepest that is allowed, while they are being left.
  private int beyond;

  private int objectDepth;
  private Token token = Token.END;

  /// A reader before its first token.
  protected TrackingReader() {}

  /// Reads a token of the format; [#token()] is still the one before.
  protected abstract Token advance() throws MalformedInput;

  /// The current key. Asked for at most once per key.
  protected abstract String key() throws MalformedInput;

  /// The path of what this reader reads within the whole document; empty if it is the whole.
  protected String origin() {
    return "";
  }

  @Override
  public final Token token() {
    return token;
  }

  @Override
  public final Token next() throws MalformedInput {
    token = advance();
    if (beyond > 0) {
      passBeyond();
      return token;
    }
    switch (token) {
      case KEY -> keys[depth - 1] = key();
      case MAP_START, LIST_START -> {
        countItem();
        open(token == Token.LIST_START);
      }
      case MAP_END, LIST_END -> depth--;
      case STRING, INTEGER, DECIMAL, BOOLEAN, NULL -> countItem();
      case END -> {}
    }
    return token;
  }

  private void passBeyond() {
    switch (token) {
      case MAP_START, LIST_START -> beyond++;
      case MAP_END, LIST_END -> beyond--;
      case KEY, STRING, INTEGER, DECIMAL, BOOLEAN, NULL, END -> {}
    }
  }

  private void countItem() {
    if (depth > 0) {
      indexes[depth - 1]++;
    }
  }

  private void open(boolean list) throws MalformedInput {
    if (depth == MAX_DEPTH) {
      beyond = 1;
      throw new MalformedInput(line(), column(), "", "", "nests deeper than " + MAX_DEPTH);
    }
    if (depth == keys.length) {
      keys = Arrays.copyOf(keys, 2 * depth);
      indexes = Arrays.copyOf(indexes, 2 * depth);
    }
    keys[depth] = list ? null : "";
    indexes[depth] = -1;
    depth++;
  }

  @Override
  public void skip() throws MalformedInput {
    if (token != Token.MAP_START && token != Token.LIST_START) {
      return;
    }
    int outside = depth - 1;
    while (depth > outside) {
      next();
    }
  }

  @Override
  public final int depth() {
    return depth;
  }

  @Override
  public void leave(int target) throws MalformedInput {
    while (depth + beyond > target && next() != Token.END) {}
  }

  /// For formats that can skip by themselves: the end of the current container was reached.
  protected final void skipped(Token end) {
    token = end;
    depth--;
  }

  @Override
  public final void beginObject() {
    objectDepth = depth - 1;
  }

  @Override
  public final String field() {
    return path("", objectDepth, depth);
  }

  @Override
  public final String path() {
    return path(origin(), 0, depth);
  }

  private String path(String prefix, int from, int to) {
    StringBuilder path = new StringBuilder(prefix);
    for (int at = from; at < to; at++) {
      String key = keys[at];
      if (key == null) {
        if (indexes[at] >= 0) {
          path.append('[').append(indexes[at]).append(']');
        }
      } else if (!key.isEmpty()) {
        path.append(path.isEmpty() ? "" : ".").append(key);
      }
    }
    return path.toString();
  }
}
