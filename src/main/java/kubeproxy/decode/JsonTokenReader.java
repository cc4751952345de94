package kubeproxy.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON (RFC 8259), or several JSON documents one after the other. Of a name that an object
/// has twice the later counts, as for the API server; looking for them took a fifth of the time.
public final class JsonTokenReader extends TrackingReader {
  /// Ten times what an API server accepts as a whole object, in characters.
  private static final int MAX_TEXT_LENGTH = 16 << 20;

  /// A place to stop well before the parser's own bookkeeping of what is open costs memory. More
  /// than [#MAX_DEPTH], so that one can read on after an object that nests too deep.
  private static final int MAX_SKIPPED_DEPTH = 1000;

  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  private static final JsonFactory FORMAT =
      JsonFactory.builder()
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          // It tells of other encodings by exceptions like those of a stream that fails.
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT_LENGTH)
                  .maxNestingDepth(MAX_SKIPPED_DEPTH)
                  .build())
          .build();

  private final JsonParser parser;

  /// What ended the text early, told again to whoever reads on: behind it nothing is certain.
  private @Nullable MalformedInput broken;

  /// A reader of bytes in UTF-8; the caller closes the stream. When reading the stream fails, the
  /// methods throw [UncheckedIOException], and so does this, which looks at the first bytes.
  public JsonTokenReader(InputStream bytes) {
    parser = FORMAT.createParser(ObjectReadContext.empty(), withoutMark(bytes));
  }

  /// A reader of a part of an array, in UTF-8.
  public JsonTokenReader(byte[] bytes, int offset, int length) {
    parser = FORMAT.createParser(ObjectReadContext.empty(), bytes, offset, length);
  }

  /// The stream behind the byte order mark that some editors put in front.
  private static InputStream withoutMark(InputStream bytes) {
    PushbackInputStream in = new PushbackInputStream(bytes, BYTE_ORDER_MARK.length());
    try {
      byte[] first = in.readNBytes(BYTE_ORDER_MARK.length());
      if (!new String(first, ISO_8859_1).equals(BYTE_ORDER_MARK)) {
        in.unread(first);
      }
      return in;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Token advance() throws MalformedInput {
    if (broken != null) {
      throw broken;
    }
    @Nullable JsonToken read;
    try {
      read = parser.nextToken();
    } catch (JacksonException e) {
      throw malformed(e);
    }
    // Not a case of the switch: one that takes null is linked slowly and looked up at each use.
    if (read == null) {
      return Token.END;
    }
    return switch (read) {
      case START_OBJECT -> Token.MAP_START;
      case END_OBJECT -> Token.MAP_END;
      case START_ARRAY -> Token.LIST_START;
      case END_ARRAY -> Token.LIST_END;
      case PROPERTY_NAME -> Token.KEY;
      case VALUE_STRING -> Token.STRING;
      case VALUE_NUMBER_INT -> Token.INTEGER;
      case VALUE_NUMBER_FLOAT -> Token.DECIMAL;
      case VALUE_TRUE, VALUE_FALSE -> Token.BOOLEAN;
      case VALUE_NULL -> Token.NULL;
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a blocking text parser gave " + read);
    };
  }

  @Override
  protected String key() {
    return parser.currentName();
  }

  @Override
  public String text() throws MalformedInput {
    return switch (token()) {
      case MAP_START, MAP_END, LIST_START, LIST_END, END -> "";
      case KEY -> parser.currentName();
      case STRING, INTEGER, DECIMAL, BOOLEAN, NULL -> scalar();
    };
  }

  private String scalar() throws MalformedInput {
    try {
      return parser.getString();
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  @Override
  public void skip() throws MalformedInput {
    if (token() != Token.MAP_START && token() != Token.LIST_START) {
      return;
    }
    try {
      parser.skipChildren();
    } catch (JacksonException e) {
      throw malformed(e);
    }
    // The end of the text within a container is an error of its own, so this is the end token.
    skipped(token() == Token.MAP_START ? Token.MAP_END : Token.LIST_END);
  }

  @Override
  public int line() {
    return Math.max(0, parser.currentTokenLocation().getLineNr());
  }

  @Override
  public int column() {
    return Math.max(0, parser.currentTokenLocation().getColumnNr());
  }

  private MalformedInput malformed(JacksonException e) {
    if (e instanceof JacksonIOException failure
        && !(failure.getCause() instanceof CharConversionException)) {
      throw new UncheckedIOException(failure.getCause());
    }
    @Nullable TokenStreamLocation at = e.getLocation();
    int line = at == null ? line() : Math.max(0, at.getLineNr());
    int column = at == null ? column() : Math.max(0, at.getColumnNr());
    String message = e.getOriginalMessage();
    broken = new MalformedInput(line, column, "", "", "not valid JSON: " + message);
    return broken;
  }
}
