package kubeproxy.testing;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.nftables.diff.Desired;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Program;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;

/// A program with rules of every kind, elements in every set and chains of every kind of shape.
public final class EveryShape {

  private EveryShape() {}

  /// The plan, by which local traffic is recognised in some way.
  public static NodePlan plan(IpFamily family, LocalSource source) {
    boolean ipv4 = family == IpFamily.IPV4;
    Map<ObjectKey, PlannedService> services = new HashMap<>();
    RandomPlan random = new RandomPlan(family, new Random(11), 9);
    do {
      random.step();
    } while (!fillsEverySet(random.plan()));
    random.plan().services().forEach(services::put);
    NodeSettings settings =
        new NodeSettings(
            false,
            source,
            new NodePortAddresses.Only(List.of(IpAddress.of(ipv4 ? "192.0.2.1" : "2001:db8::1"))),
            List.of(IpPrefix.of(ipv4 ? "172.30.0.0/16" : "fd00:172::/112")));
    return new NodePlan(
        family,
        settings,
        PersistentMap.<ObjectKey, PlannedService>empty().with(services),
        random.plan().problems());
  }

  private static boolean fillsEverySet(NodePlan plan) {
    Set<NamedSet> filled = EnumSet.of(NamedSet.NODEPORT_IPS);
    Compiled.all(plan)
        .fragments()
        .values()
        .forEach(fragment -> {
          if (fragment != null) {
            fragment.elements().forEach(element -> filled.add(element.set()));
            fragment.slots().stream()
                .filter(slots -> !slots.backends().isEmpty())
                .forEach(slots -> filled.add(slots.set()));
          }
        });
    return Stream.of(NamedSet.values()).allMatch(set -> set.isLearned() || filled.contains(set));
  }

  /// All ways to recognise local traffic.
  public static List<LocalSource> sources(IpFamily family) {
    String prefix = family == IpFamily.IPV4 ? "10.0.0.0/8" : "fd00:10::/64";
    return List.of(
        new LocalSource.Unknown(),
        new LocalSource.FromPrefix(IpPrefix.of(prefix)),
        new LocalSource.FromInterface("cni0"),
        new LocalSource.FromInterfacePrefix("veth"));
  }

  /// The text of what a plan compiles to.
  public static String text(NodePlan plan) {
    Desired desired = Compiled.all(plan);
    Program program =
        new Program(
            plan.family(),
            desired.chains(),
            desired.node(),
            PersistentMap.<ObjectKey, Fragment>empty().with(desired.fragments()));
    return ProgramText.print(program, desired.shapeRules());
  }
}
