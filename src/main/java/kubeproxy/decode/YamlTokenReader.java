package kubeproxy.decode;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/// Reads a stream of YAML 1.2 documents with the core schema: `80` is a number, `"80"` a string.
///
/// Aliases (`*name`) are refused: nothing that prints objects writes them, and a few lines of them
/// can stand for gigabytes. A key that is repeated is an error, as the YAML specification says.
public final class YamlTokenReader extends TrackingReader {
  private static final ScalarResolver CORE_SCHEMA = new CoreScalarResolver(false);

  private final Iterator<Event> events;
  private final List<Set<String>> keysSeen = new ArrayList<>();
  private final List<Boolean> maps = new ArrayList<>();
  private boolean keyIsNext;
  private @Nullable Event event;

  /// A reader of bytes in UTF-8, or UTF-16 with a byte order mark; the caller closes the stream.
  /// When reading the stream fails, the methods throw [UncheckedIOException].
  public YamlTokenReader(InputStream bytes) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setParseComments(false).build();
    events = new Parse(settings).parseReader(new YamlUnicodeReader(bytes)).iterator();
  }

  @Override
  protected Token advance() throws MalformedInput {
    while (true) {
      Event read = nextEvent();
      event = read;
      switch (read.getEventId()) {
        case StreamStart, DocumentStart, DocumentEnd, Comment -> {}
        case StreamEnd -> {
          return Token.END;
        }
        case MappingStart -> {
          return start(true);
        }
        case SequenceStart -> {
          return start(false);
        }
        case MappingEnd -> {
          return end(Token.MAP_END);
        }
        case SequenceEnd -> {
          return end(Token.LIST_END);
        }
        case Scalar -> {
          return scalar((ScalarEvent) read);
        }
        case Alias -> throw problem("aliases are not supported");
      }
    }
  }

  private Event nextEvent() throws MalformedInput {
    try {
      return events.next();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      int line = mark.map(at -> at.getLine() + 1).orElse(0);
      int column = mark.map(at -> at.getColumn() + 1).orElse(0);
      throw new MalformedInput(line, column, "", "", "not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw problem("not valid YAML: " + firstLine(e));
    }
  }

  private Token start(boolean map) throws MalformedInput {
    if (keyIsNext) {
      throw problem("a key must be a scalar");
    }
    maps.add(map);
    if (map) {
      if (keysSeen.size() < maps.size()) {
        while (keysSeen.size() < maps.size()) {
          keysSeen.add(new HashSet<>());
        }
      }
      keysSeen.get(maps.size() - 1).clear();
    }
    keyIsNext = map;
    return map ? Token.MAP_START : Token.LIST_START;
  }

  private Token end(Token token) {
    maps.removeLast();
    keyIsNext = !maps.isEmpty() && maps.getLast();
    return token;
  }

  private Token scalar(ScalarEvent scalar) throws MalformedInput {
    if (keyIsNext) {
      if (!keysSeen.get(maps.size() - 1).add(scalar.getValue())) {
        throw problem("the key \"" + scalar.getValue() + "\" is there twice");
      }
      keyIsNext = false;
      return Token.KEY;
    }
    keyIsNext = !maps.isEmpty() && maps.getLast();
    return typeOf(scalar);
  }

  private static Token typeOf(ScalarEvent scalar) {
    boolean untagged = scalar.getTag().isEmpty();
    if (untagged && !scalar.isPlain()) {
      return Token.STRING;
    }
    Tag tag =
        untagged
            ? CORE_SCHEMA.resolve(scalar.getValue(), true)
            : new Tag(scalar.getTag().orElseThrow());
    if (tag.equals(Tag.INT)) {
      return Token.INTEGER;
    } else if (tag.equals(Tag.BOOL)) {
      return Token.BOOLEAN;
    } else if (tag.equals(Tag.NULL)) {
      return Token.NULL;
    }
    return tag.equals(Tag.FLOAT) ? Token.DECIMAL : Token.STRING;
  }

  @Override
  protected String key() {
    return text();
  }

  @Override
  public String text() {
    return event instanceof ScalarEvent scalar ? scalar.getValue() : "";
  }

  @Override
  public int line() {
    return event == null ? 1 : event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  @Override
  public int column() {
    return event == null ? 1 : event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
  }

  private MalformedInput problem(String message) {
    return new MalformedInput(line(), column(), path(), text(), message);
  }

  /// The first line of a message; what follows is an excerpt of the input.
  private static String firstLine(YamlEngineException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
