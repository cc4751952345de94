package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.app.IptablesParts;
import kubeproxy.app.IptablesParts.IptablesFamily;
import kubeproxy.app.ModeOpener;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.NfTablesReader;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.Target;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.testing.ReadBack;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;

/// The `iptables` mode in one variant.
final class IptablesMode extends OneProxy {
  /// The canary is not what this suite is about.
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private static final IpPrefix LOOPBACK = IpPrefix.of("127.0.0.0/8");

  private final Variant variant;

  IptablesMode(Variant variant) {
    this.variant = variant;
  }

  /// The tools of a variant.
  static Tools tools(Variant variant, IpFamily family) {
    return new Tools(family, variant, variant == Variant.LEGACY ? "-legacy" : "-nft", "1.8.9");
  }

  /// The opener for a node.
  static ModeOpener opener(Variant variant, boolean localhostNodePorts) {
    return opener(variant, localhostNodePorts, PERIOD);
  }

  /// The opener for a node.
  ///
  /// @param period between two looks at the canary
  static ModeOpener opener(Variant variant, boolean localhostNodePorts, Duration period) {
    Map<IpFamily, IptablesFamily> families = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      CompileOptions options =
          new CompileOptions(
              family,
              NftablesMode.MASQUERADE_MARK,
              localhostNodePorts && family == IpFamily.IPV4,
              true,
              true,
              false,
              false);
      families.put(family, new IptablesFamily(tools(variant, family), options));
    }
    return IptablesParts.opener(Programs.ofHost(), families, period);
  }

  @Override
  public Set<Capability> lacking() {
    return EnumSet.of(Capability.CLUSTER_IP_GUARD, Capability.LOCALHOST_NODE_PORTS_IPV6);
  }

  @Override
  public void start(NetworkNamespace node, NodeOptions options) throws Exception {
    boolean localhost = coversLoopback(options.nodePortAddresses());
    String value = localhost ? "1" : "0";
    node.exec("sh", "-c", "echo " + value + " >/proc/sys/net/ipv4/conf/all/route_localnet");
    start(opener(variant, localhost), node, options);
  }

  private static boolean coversLoopback(NodePortChoice choice) {
    return switch (choice) {
      case NodePortChoice.Primary() -> false;
      case NodePortChoice.InCidrs(List<IpPrefix> cidrs) ->
          cidrs.isEmpty()
              || cidrs.stream()
                  .anyMatch(cidr -> cidr.contains(LOOPBACK) || LOOPBACK.contains(cidr));
    };
  }

  /// Follows the jumps that a packet would.
  @Override
  public List<String> installed(IpAddress address, int port, Protocol protocol) {
    List<RuleParser.Placed> rules = rules(running().node(), address.family());
    List<String> backends = new ArrayList<>();
    for (RuleParser.Placed placed : rules) {
      Rule.Block destination = placed.rule().destination();
      boolean applies =
          placed.chain().equals("KUBE-SERVICES")
              && placed.rule().protocol() == protocol
              && destination != null
              && destination.prefix().equals(IpPrefix.ofSingle(address))
              && placed.rule().matches().toString().contains("destinationPort=" + port + "]");
      if (applies && placed.rule().target() instanceof Target.Jump(String chain)) {
        follow(rules, chain, backends);
      }
    }
    return backends.stream().distinct().toList();
  }

  private static void follow(List<RuleParser.Placed> rules, String chain, List<String> backends) {
    for (RuleParser.Placed placed : rules) {
      if (placed.chain().equals(chain)) {
        Target target = placed.rule().target();
        if (target instanceof Target.Jump(String next)) {
          follow(rules, next, backends);
        } else if (target instanceof Target.Translate(var backend)) {
          backends.add(backend.toString());
        }
      }
    }
  }

  private List<RuleParser.Placed> rules(NetworkNamespace node, IpFamily family) {
    return node.exec(tools(variant, family).save(), "-t", "nat")
        .lines()
        .flatMap(line -> RuleParser.parse(family, line).stream())
        .toList();
  }

  /// Another process finds nothing to change, and what is read is what the tool prints.
  @Override
  public void verify() throws Exception {
    Running now = running();
    now.proxy().expectNoFault();
    stop();
    if (variant == Variant.NF_TABLES) {
      for (IpFamily family : IpFamily.values()) {
        ReadBack.expectSame(
            now.node().run(() -> NfTablesReader.readHost(family)),
            now.node().exec(tools(variant, family).save()));
      }
    }
    now.expectNothingToChange(opener(variant, coversLoopback(now.options().nodePortAddresses())));
  }

  @Override
  public void cleanUp(NetworkNamespace node) throws Exception {
    CleanupResult result = node.run(() -> new IptablesCleanup(Programs.ofHost()).cleanUp());
    assertThat(result.failures()).isEmpty();
  }
}
