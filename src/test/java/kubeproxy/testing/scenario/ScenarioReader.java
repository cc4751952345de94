package kubeproxy.testing.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.dataplane.Capability;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.testing.scenario.Scenario.CapableCheck;
import kubeproxy.testing.scenario.Scenario.Identity;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import kubeproxy.testing.scenario.Scenario.ObjectDocument;
import kubeproxy.testing.scenario.Scenario.Step;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Reads scenario files.
public final class ScenarioReader {

  private static final Path FOLDER = Path.of("src/test/resources/scenarios");

  private ScenarioReader() {}

  /// All scenarios of the project, by file name in the order of the names, and each in the order of
  /// its file.
  ///
  /// @throws ScenarioError if one is mistaken
  public static Map<String, List<Scenario>> readAll() throws IOException {
    var byFile = new LinkedHashMap<String, List<Scenario>>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        String name = file.getFileName().toString();
        byFile.put(name, read(name, Files.readString(file)));
      }
    }
    return byFile;
  }

  /// The scenarios of one file, one for each family that they are for.
  ///
  /// @throws ScenarioError if something is mistaken
  public static List<Scenario> read(String file, String text) {
    Map<String, YamlTree> top = YamlTree.parse(file, text).mapping(Set.of("objects", "scenarios"));
    YamlTree objects = require(top, "objects", YamlTree.parse(file, text));
    var scenarios = new ArrayList<Scenario>();
    for (YamlTree tree : require(top, "scenarios", objects).items()) {
      Map<String, YamlTree> parts =
          tree.mapping(Set.of("name", "source", "families", "node", "steps"));
      for (IpFamily family : families(parts.get("families"))) {
        scenarios.add(new OfFamily(objects.mapping(), family).scenario(tree, parts));
      }
    }
    return scenarios;
  }

  private static List<IpFamily> families(@Nullable YamlTree tree) {
    if (tree == null) {
      return List.of(IpFamily.IPV4, IpFamily.IPV6);
    }
    return tree.items().stream()
        .map(item ->
            switch (item.text()) {
              case "ipv4" -> IpFamily.IPV4;
              case "ipv6" -> IpFamily.IPV6;
              default -> throw item.error("ipv4 or ipv6 is expected");
            })
        .toList();
  }

  private static YamlTree require(Map<String, YamlTree> parts, String key, YamlTree parent) {
    YamlTree tree = parts.get(key);
    if (tree == null) {
      throw parent.error(key + " is missing");
    }
    return tree;
  }

  /// Reads in the words of one family.
  private record OfFamily(Map<String, YamlTree> objects, IpFamily family) {

    Scenario scenario(YamlTree tree, Map<String, YamlTree> parts) {
      var steps = new ArrayList<Step>();
      for (YamlTree item : require(parts, "steps", tree).items()) {
        steps.addAll(steps(item));
      }
      return new Scenario(
          require(parts, "name", tree).text(),
          require(parts, "source", tree).text(),
          family,
          node(parts.get("node")),
          steps);
    }

    private NodeOptions node(@Nullable YamlTree tree) {
      Map<String, YamlTree> parts =
          tree == null
              ? Map.of()
              : tree.mapping(
                  Set.of(
                      "masquerade-all",
                      "detect-local",
                      "nodeport-addresses",
                      "addresses",
                      "feature-gates"));
      YamlTree masqueradeAll = parts.get("masquerade-all");
      YamlTree addresses = parts.get("addresses");
      YamlTree gates = parts.get("feature-gates");
      Map<String, YamlTree> set =
          gates == null ? Map.of() : gates.mapping(Set.of("SCTPSupport", "ServiceTopology"));
      return new NodeOptions(
          masqueradeAll != null && masqueradeAll.flag(),
          detectLocal(parts.get("detect-local")),
          nodePorts(parts.get("nodeport-addresses")),
          addresses == null
              ? List.of()
              : addresses.items().stream().map(this::translated).map(IpAddress::of).toList(),
          isOpen(set.get("SCTPSupport"), true),
          isOpen(set.get("ServiceTopology"), false));
    }

    private static boolean isOpen(@Nullable YamlTree gate, boolean byDefault) {
      return gate == null ? byDefault : gate.flag();
    }

    /// Without a word, pods are recognised by the upstream fixtures' pod CIDR. It is that of both
    /// families, so that one proxy can go on from a scenario to the next.
    private DetectLocal detectLocal(@Nullable YamlTree tree) {
      String text = tree == null ? "10.0.0.0/8" : tree.text();
      if (text.equals("none")) {
        return new DetectLocal.ByClusterCidr(List.of());
      }
      if (text.startsWith("bridge ")) {
        return new DetectLocal.ByBridge(text.substring("bridge ".length()));
      }
      if (text.startsWith("interface-prefix ")) {
        return new DetectLocal.ByInterfacePrefix(text.substring("interface-prefix ".length()));
      }
      return text.equals("node-cidr")
          ? new DetectLocal.ByNodeCidr()
          : new DetectLocal.ByClusterCidr(
              Stream.of(IpFamily.values())
                  .map(each -> IpPrefix.of(FamilyAddresses.translate(text, each)))
                  .toList());
    }

    private NodePortChoice nodePorts(@Nullable YamlTree tree) {
      if (tree == null || tree.scalar().filter("primary"::equals).isPresent()) {
        return new NodePortChoice.Primary();
      }
      return new NodePortChoice.InCidrs(
          tree.items().stream().map(this::translated).map(IpPrefix::of).toList());
    }

    private List<Step> steps(YamlTree tree) {
      Map<String, YamlTree> parts =
          tree.mapping(Set.of("apply", "delete", "check", "open", "again", "pause", "restart"));
      var steps = new ArrayList<Step>();
      if (parts.containsKey("apply") || parts.containsKey("delete")) {
        steps.add(
            new Step.Change(
                items(parts.get("apply")).stream().map(this::object).toList(),
                items(parts.get("delete")).stream().map(i -> object(i).identity()).toList()));
      }
      if (parts.containsKey("check")) {
        steps.add(new Step.Checks(items(parts.get("check")).stream().map(this::check).toList()));
      }
      entries(parts.get("open"))
          .forEach((flow, text) -> steps.add(new Step.Open(flow, check(text))));
      entries(parts.get("again"))
          .forEach((flow, text) -> steps.add(new Step.Again(flow, check(text))));
      YamlTree pause = parts.get("pause");
      if (pause != null) {
        long millis = (long) (Double.parseDouble(pause.text()) * 1000);
        steps.add(new Step.Pause(Duration.ofMillis(millis)));
      }
      if (parts.containsKey("restart")) {
        steps.add(new Step.Restart());
      }
      return steps;
    }

    private static List<YamlTree> items(@Nullable YamlTree tree) {
      return tree == null ? List.of() : tree.items();
    }

    private static Map<String, YamlTree> entries(@Nullable YamlTree tree) {
      return tree == null ? Map.of() : tree.mapping();
    }

    private CapableCheck check(YamlTree tree) {
      if (tree.scalar().isPresent()) {
        Check check = Check.parse(tree, family);
        return new CapableCheck(check, Set.of(), check);
      }
      Map<String, YamlTree> parts = tree.mapping(Set.of("needs", "check", "otherwise"));
      var needs = EnumSet.noneOf(Capability.class);
      needs.add(Capability.valueOf(require(parts, "needs", tree).text()));
      return new CapableCheck(
          Check.parse(require(parts, "check", tree), family),
          needs,
          Check.parse(require(parts, "otherwise", tree), family));
    }

    /// A name among the file's objects, or `{base: NAME, with: PATCH}`.
    private ObjectDocument object(YamlTree tree) {
      if (tree.scalar().isPresent()) {
        return document(tree, named(tree).value());
      }
      Map<String, YamlTree> parts = tree.mapping(Set.of("base", "with"));
      Object base = named(require(parts, "base", tree)).value();
      return document(tree, MergePatch.apply(base, require(parts, "with", tree).value()));
    }

    private YamlTree named(YamlTree name) {
      YamlTree object = objects.get(name.text());
      if (object == null) {
        throw name.error("no such object: " + name.text());
      }
      return object;
    }

    private ObjectDocument document(YamlTree place, @Nullable Object written) {
      Object object = translated(place, written);
      if (!(object instanceof Map<?, ?> map)
          || !(map.get("kind") instanceof String kind)
          || !(map.get("metadata") instanceof Map<?, ?> metadata)
          || !(metadata.get("name") instanceof String name)) {
        throw place.error("an object has a kind and a metadata.name");
      }
      Object namespace = metadata.get("namespace");
      DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
      var tree = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((key, value) -> tree.put((String) key, value));
      return new ObjectDocument(
          new Identity(kind, namespace == null ? "" : namespace.toString(), name),
          new Dump(settings).dumpToString(object),
          tree);
    }

    private @Nullable Object translated(YamlTree place, @Nullable Object object) {
      try {
        return FamilyAddresses.translate(object, family);
      } catch (IllegalArgumentException e) {
        throw place.error(String.valueOf(e.getMessage()));
      }
    }

    private String translated(YamlTree tree) {
      try {
        return FamilyAddresses.translate(tree.text(), family);
      } catch (IllegalArgumentException e) {
        throw tree.error(String.valueOf(e.getMessage()));
      }
    }
  }
}
