package kubeproxy.repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Holds compiled classes against the layering rules.
final class Layering {
  private static final String OURS = "kubeproxy.";

  private final LayeringRules rules;
  private final Collection<ClassFacts> classes;

  /// Package to the packages of ours it refers to, as found.
  private final SortedMap<String, SortedSet<String>> arrows = new TreeMap<>();

  private final SortedSet<String> violations = new TreeSet<>();

  private Layering(LayeringRules rules, Collection<ClassFacts> classes) {
    this.rules = rules;
    this.classes = classes;
  }

  /// Returns one sentence per violation, in a stable order; none means that all is well.
  static List<String> violations(LayeringRules rules, Collection<ClassFacts> classes) {
    var layering = new Layering(rules, classes);
    layering.check();
    return List.copyOf(layering.violations);
  }

  private void check() {
    for (var facts : classes) {
      var rule = rules.packages().get(facts.packageName());
      if (rule == null) {
        violations.add(facts.packageName() + " is not listed");
        continue;
      }
      facts.classes().forEach(reference -> checkArrow(facts, rule, reference));
      facts.classes().forEach(reference -> checkCapabilities(facts, rule, reference));
      facts.members().forEach(reference -> checkCapabilities(facts, rule, reference));
      facts.statics().forEach(field -> checkStatic(facts, rule, field));
    }
    arrows.keySet().forEach(start -> findCycle(start, List.of(start)));
  }

  private void checkArrow(ClassFacts from, LayeringRules.PackageRule rule, String reference) {
    var target = ClassFacts.packageOf(reference);
    if (!reference.startsWith(OURS) || target.equals(from.packageName())) {
      return;
    }
    arrows.computeIfAbsent(from.packageName(), _ -> new TreeSet<>()).add(target);
    if (!rule.mayReferTo(target)) {
      violations.add(
          "%s may not refer to %s: %s refers to %s"
              .formatted(from.packageName(), target, from.name(), reference));
    }
  }

  private void checkCapabilities(
      ClassFacts from, LayeringRules.PackageRule rule, String reference) {
    rules
        .capabilities()
        .forEach((name, capability) -> {
          if (!name.equals(LayeringRules.STATICS)
              && !rule.granted().contains(name)
              && capability.covers(reference)) {
            violations.add(
                "%s may not use %s: %s refers to %s"
                    .formatted(from.packageName(), name, from.name(), reference));
          }
        });
  }

  private void checkStatic(
      ClassFacts owner, LayeringRules.PackageRule rule, ClassFacts.StaticField field) {
    var mutableTypes = rules.capabilities().get(LayeringRules.STATICS);
    var isMutable = !field.isFinal() || (mutableTypes != null && mutableTypes.covers(field.type()));
    if (isMutable && !rule.granted().contains(LayeringRules.STATICS)) {
      violations.add(
          "%s may not use %s: %s.%s is mutable"
              .formatted(owner.packageName(), LayeringRules.STATICS, owner.name(), field.name()));
    }
  }

  /// Reports each cycle once, from its alphabetically first package.
  private void findCycle(String start, List<String> path) {
    for (var next : arrows.getOrDefault(path.getLast(), new TreeSet<>())) {
      var longer = new ArrayList<>(path);
      longer.add(next);
      if (next.equals(start)) {
        violations.add("package cycle: " + String.join(" -> ", longer));
      } else if (next.compareTo(start) > 0 && !Set.copyOf(path).contains(next)) {
        findCycle(start, longer);
      }
    }
  }
}
