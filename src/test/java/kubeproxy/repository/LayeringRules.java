package kubeproxy.repository;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The layering somebody thought about: `layering.txt`, which explains its own syntax.
record LayeringRules(
    SortedMap<String, Capability> capabilities, SortedMap<String, PackageRule> packages) {

  /// The one capability that is about the types of fields, not about references.
  static final String STATICS = "statics";

  private static final Set<String> KEYWORDS = Set.of("->", "may", "except");

  /// Something that a pure package does without.
  record Capability(List<String> prefixes, List<String> exceptions) {
    boolean covers(String reference) {
      return prefixes.stream().anyMatch(reference::startsWith)
          && exceptions.stream().noneMatch(reference::startsWith);
    }
  }

  record PackageRule(List<String> arrows, List<String> granted) {
    boolean mayReferTo(String target) {
      return arrows.stream().anyMatch(arrow -> reaches(arrow, target));
    }

    private static boolean reaches(String arrow, String target) {
      return arrow.endsWith("*")
          ? target.startsWith(arrow.substring(0, arrow.length() - 1))
          : target.equals(arrow);
    }
  }

  LayeringRules {
    capabilities = Collections.unmodifiableSortedMap(new TreeMap<>(capabilities));
    packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
    for (var rule : packages.values()) {
      for (var name : rule.granted()) {
        require(capabilities.containsKey(name), "unknown capability " + name);
      }
      for (var arrow : rule.arrows()) {
        require(arrow.endsWith("*") || packages.containsKey(arrow), "unlisted package " + arrow);
      }
    }
  }

  static LayeringRules parse(String text) {
    var capabilities = new TreeMap<String, Capability>();
    var packages = new TreeMap<String, PackageRule>();
    var joined = text.replaceAll("(?m)^#.*\n", "").replaceAll("\n[ ]+", " ");
    for (var line : joined.lines().filter(line -> !line.isBlank()).toList()) {
      var words = Arrays.asList(line.strip().split(" +"));
      if (words.getFirst().equals("capability")) {
        require(words.size() > 2, "nothing is named by: " + line);
        var parts = parts(words.subList(2, words.size()));
        capabilities.put(words.get(1), new Capability(part(parts, ""), part(parts, "except")));
      } else {
        var parts = parts(words.subList(1, words.size()));
        require(part(parts, "").isEmpty(), "expected -> or may: " + line);
        packages.put(words.getFirst(), new PackageRule(part(parts, "->"), part(parts, "may")));
      }
    }
    return new LayeringRules(capabilities, packages);
  }

  /// Words by the keyword they follow; those before any keyword follow "".
  private static Map<String, List<String>> parts(List<String> words) {
    var parts = new TreeMap<String, List<String>>();
    var keyword = "";
    for (var word : words) {
      if (KEYWORDS.contains(word)) {
        keyword = word;
      } else {
        parts.computeIfAbsent(keyword, _ -> new ArrayList<>()).add(word);
      }
    }
    return parts;
  }

  private static List<String> part(Map<String, List<String>> parts, String keyword) {
    return List.copyOf(parts.getOrDefault(keyword, List.of()));
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
