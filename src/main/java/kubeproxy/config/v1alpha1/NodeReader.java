package kubeproxy.config.v1alpha1;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads the first document of a text. JSON is read as the YAML that it is.
final class NodeReader {
  /// Characters of a file: what fits into a ConfigMap. Real files have about 2,000.
  static final int MAX_CHARACTERS = 1 << 20;

  /// Containers within containers. The configuration has 4.
  static final int MAX_DEPTH = 32;

  /// Uses of anchors. An alias stands for the node itself, not for a copy, but each is walked.
  static final int MAX_ALIASES = 100;

  private static final String TEXT_TAG = "tag:yaml.org,2002:str";

  private final Iterator<Event> events;
  private final Map<Anchor, Node> anchors = new HashMap<>();
  private int aliases;
  private int depth;

  private NodeReader(String text) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS).setParseComments(false).build();
    events = new Parse(settings).parseString(text).iterator();
  }

  /// The first document; empty if there is none.
  static Optional<Node> first(String text) throws MalformedDocument {
    if (text.length() > MAX_CHARACTERS) {
      throw new MalformedDocument(1, 1, "the file has more than " + MAX_CHARACTERS + " characters");
    }
    try {
      return new NodeReader(text).document();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      int line = mark.map(at -> at.getLine() + 1).orElse(1);
      int column = mark.map(at -> at.getColumn() + 1).orElse(1);
      throw new MalformedDocument(line, column, "not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      String message = String.valueOf(e.getMessage());
      // The lines that follow are an excerpt of the input.
      throw new MalformedDocument(
          1, 1, "not valid YAML: " + message.lines().findFirst().orElse(message));
    }
  }

  private Optional<Node> document() throws MalformedDocument {
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent start) {
        return Optional.of(node(start));
      }
    }
    return Optional.empty();
  }

  private Node node(Event event) throws MalformedDocument {
    Node node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> items(event);
          case MappingStart -> fields(event);
          case Alias -> alias((AliasEvent) event);
          case StreamStart,
              StreamEnd,
              DocumentStart,
              DocumentEnd,
              SequenceEnd,
              MappingEnd,
              Comment ->
              throw new IllegalStateException("no node begins with " + event);
        };
    if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
      named.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }
    return node;
  }

  private static Node.Scalar scalar(ScalarEvent event) {
    boolean tagged = event.getTag().filter(TEXT_TAG::equals).isPresent();
    return new Node.Scalar(
        event.getValue(), event.isPlain() && !tagged, line(event), column(event));
  }

  private Node items(Event start) throws MalformedDocument {
    enter(start);
    List<Node> nodes = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      nodes.add(node(event));
      event = events.next();
    }
    depth--;
    return new Node.Items(nodes, line(start), column(start));
  }

  private Node fields(Event start) throws MalformedDocument {
    enter(start);
    List<Node.Field> fields = new ArrayList<>();
    List<Node> merged = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      if (!(node(event) instanceof Node.Scalar key)) {
        throw new MalformedDocument(line(event), column(event), "a key must be a single value");
      }
      Node value = node(events.next());
      if (key.isMerge()) {
        merged.add(value);
      } else {
        fields.add(new Node.Field(key, value));
      }
      event = events.next();
    }
    depth--;
    for (Node from : merged) {
      merge(fields, from, true);
    }
    return new Node.Fields(fields, line(start), column(start));
  }

  /// Adds the fields of other mappings whose names are not there yet, as YAML 1.1 has it.
  private static void merge(List<Node.Field> into, Node from, boolean several)
      throws MalformedDocument {
    switch (from) {
      case Node.Fields mapping -> {
        Set<String> there = new HashSet<>();
        into.forEach(field -> there.add(field.key().text()));
        mapping.fields().stream()
            .filter(field -> !there.contains(field.key().text()))
            .forEach(into::add);
      }
      case Node.Items list when several -> {
        for (Node each : list.nodes()) {
          merge(into, each, false);
        }
      }
      case Node.Items _, Node.Scalar _ ->
          throw new MalformedDocument(
              from.line(), from.column(), "what << merges must be a mapping or a list of them");
    }
  }

  private Node alias(AliasEvent event) throws MalformedDocument {
    if (++aliases > MAX_ALIASES) {
      throw new MalformedDocument(
          line(event), column(event), "more than " + MAX_ALIASES + " aliases");
    }
    Node node = anchors.get(event.getAlias());
    if (node == null) {
      throw new MalformedDocument(
          line(event), column(event), "no anchor ends before the alias *" + event.getAlias());
    }
    return node;
  }

  private void enter(Event start) throws MalformedDocument {
    if (++depth > MAX_DEPTH) {
      throw new MalformedDocument(line(start), column(start), "nests deeper than " + MAX_DEPTH);
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private static int column(Event event) {
    return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
  }
}
