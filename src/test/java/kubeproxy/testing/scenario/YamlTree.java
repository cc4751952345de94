package kubeproxy.testing.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A piece of a YAML file that knows where it stands, so that a mistake can be named by its line.
///
/// @param file the file's name, for messages
record YamlTree(String file, Node node) {

  /// Reads a whole file.
  static YamlTree parse(String file, String text) {
    try {
      Node node =
          new Compose(LoadSettings.builder().setLabel(file).build())
              .composeString(text)
              .orElseThrow(() -> new ScenarioError(file + ": is empty"));
      return new YamlTree(file, node);
    } catch (YamlEngineException e) {
      throw new ScenarioError(file + ": " + e.getMessage());
    }
  }

  /// A mistake at this place.
  ScenarioError error(String message) {
    int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    return new ScenarioError(file + ":" + line + ": " + message);
  }

  /// The entries of a mapping, none of whose keys is outside `known`.
  Map<String, YamlTree> mapping(Set<String> known) {
    Map<String, YamlTree> entries = mapping();
    var unknown = new LinkedHashSet<>(entries.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw error("unknown: " + unknown + "; known are " + known.stream().sorted().toList());
    }
    return entries;
  }

  /// The entries of a mapping, in their order.
  Map<String, YamlTree> mapping() {
    if (!(node instanceof MappingNode mapping)) {
      throw error("a mapping is expected");
    }
    var entries = new LinkedHashMap<String, YamlTree>();
    for (NodeTuple tuple : mapping.getValue()) {
      var key = new YamlTree(file, tuple.getKeyNode());
      if (entries.put(key.text(), new YamlTree(file, tuple.getValueNode())) != null) {
        throw key.error("a second " + key.text());
      }
    }
    return entries;
  }

  /// The items of a list.
  List<YamlTree> items() {
    if (!(node instanceof SequenceNode sequence)) {
      throw error("a list is expected");
    }
    return sequence.getValue().stream().map(item -> new YamlTree(file, item)).toList();
  }

  /// A scalar, as it is written.
  String text() {
    return scalar().orElseThrow(() -> error("a text is expected"));
  }

  /// Whether this is `true`.
  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw error("true or false is expected");
    };
  }

  /// The text, if this is a scalar.
  Optional<String> scalar() {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  /// The tree as maps, lists, texts, numbers, truth values and nulls.
  @Nullable Object value() {
    return switch (node) {
      case MappingNode _ -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        mapping().forEach((key, tree) -> map.put(key, tree.value()));
        yield map;
      }
      case SequenceNode _ -> {
        var list = new ArrayList<@Nullable Object>();
        items().forEach(tree -> list.add(tree.value()));
        yield list;
      }
      case ScalarNode scalar -> scalarValue(scalar);
      default -> throw error("anchors and aliases are not used here");
    };
  }

  private static @Nullable Object scalarValue(ScalarNode scalar) {
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.INT)) {
      return Long.valueOf(text);
    }
    if (scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    return scalar.getTag().equals(Tag.NULL) ? null : text;
  }
}
