package kubeproxy.nftables.compile;

import static kubeproxy.nftables.program.Field.Packet.DESTINATION_ADDRESS;
import static kubeproxy.nftables.program.Field.Packet.ORIGINAL_DESTINATION_ADDRESS;
import static kubeproxy.nftables.program.Field.Packet.ORIGINAL_DESTINATION_PORT;
import static kubeproxy.nftables.program.Field.Packet.SOURCE_ADDRESS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Field;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Statement;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;

/// Compiles what all Services share: the chains at the hooks and those they lead to, and the chains
/// of one shape each.
public final class ChainCompiler {
  private static final Hook PREROUTING_FILTER = new Hook("filter", 0, "prerouting", -110);
  private static final Hook OUTPUT_FILTER_EARLY = new Hook("filter", 3, "output", -110);
  private static final Hook INPUT_FILTER = new Hook("filter", 1, "input", 0);
  private static final Hook FORWARD_FILTER = new Hook("filter", 2, "forward", 0);
  private static final Hook OUTPUT_FILTER = new Hook("filter", 3, "output", 0);
  private static final Hook PREROUTING_NAT = new Hook("nat", 0, "prerouting", -100);
  private static final Hook OUTPUT_NAT = new Hook("nat", 3, "output", -100);
  private static final Hook POSTROUTING_NAT = new Hook("nat", 4, "postrouting", 100);

  private static final Statement NEW = new Statement.NewConnection();
  private static final IpPrefix LOOPBACK_IPV4 = IpPrefix.of("127.0.0.0/8");
  private static final IpPrefix LOOPBACK_IPV6 = IpPrefix.of("::1/128");

  /// Draws before the last one; each fails with a probability of less than a half.
  private static final int DRAWS = 7;

  /// Pools of one or two endpoints leave no slot of their capacity free.
  private static final int ALWAYS_FULL = 2;

  private final IpFamily family;
  private final int mark;

  /// A compiler for one family.
  ///
  /// @param mark the bit of the packet mark that asks for masquerading
  public ChainCompiler(IpFamily family, int mark) {
    this.family = family;
    this.mark = mark;
  }

  /// The elements that belong to the node.
  public Fragment node(NodeSettings settings) {
    return switch (settings.nodePortAddresses()) {
      case NodePortAddresses.AllLocal() -> Fragment.EMPTY;
      case NodePortAddresses.Only(var addresses) -> {
        Keys keys = new Keys(family);
        List<Element> elements =
            addresses.stream()
                .map(address -> Element.of(NamedSet.NODEPORT_IPS, keys.address(address)))
                .toList();
        yield new Fragment(elements, List.of(), Set.of());
      }
    };
  }

  /// The chains that are always there, chains that are led to first.
  public List<ChainRules> chains(NodeSettings settings) {
    return Stream.of(regularChains(settings), baseChains()).flatMap(List::stream).toList();
  }

  private List<ChainRules> baseChains() {
    return List.of(
        base(Chains.FILTER_PREROUTING, PREROUTING_FILTER, onNew(Chains.FIREWALL_CHECK)),
        base(Chains.FILTER_OUTPUT_PRE_DNAT, OUTPUT_FILTER_EARLY, onNew(Chains.FIREWALL_CHECK)),
        base(
            Chains.FILTER_INPUT,
            INPUT_FILTER,
            onNew(Chains.NODEPORT_ENDPOINTS_CHECK),
            onNew(Chains.SERVICE_ENDPOINTS_CHECK),
            learn()),
        base(
            Chains.FILTER_FORWARD,
            FORWARD_FILTER,
            onNew(Chains.SERVICE_ENDPOINTS_CHECK),
            onNew(Chains.CLUSTER_IPS_CHECK),
            learn()),
        base(
            Chains.FILTER_OUTPUT,
            OUTPUT_FILTER,
            onNew(Chains.SERVICE_ENDPOINTS_CHECK),
            onNew(Chains.CLUSTER_IPS_CHECK),
            learn()),
        base(Chains.NAT_PREROUTING, PREROUTING_NAT, jump(Chains.SERVICES)),
        base(Chains.NAT_OUTPUT, OUTPUT_NAT, jump(Chains.SERVICES)),
        base(Chains.NAT_POSTROUTING, POSTROUTING_NAT, jump(Chains.MASQUERADING)));
  }

  private List<ChainRules> regularChains(NodeSettings settings) {
    return List.of(
        chain(
            Chains.REJECT,
            Rule.of(
                "an ICMP error may arrive before connect() listens for it, and costs a second",
                new Statement.IsProtocol(Protocol.TCP),
                new Statement.ResetTcp()),
            Rule.of(new Statement.Reject())),
        chain(
            Chains.SERVICE_ENDPOINTS_CHECK,
            Rule.of(verdictOf(Keys.DESTINATION, NamedSet.NO_ENDPOINT_SERVICES))),
        chain(
            Chains.NODEPORT_ENDPOINTS_CHECK,
            onNodePort(settings, false, NamedSet.NO_ENDPOINT_NODEPORTS)),
        chain(
            Chains.FIREWALL_CHECK,
            Rule.of(
                "drop what loadBalancerSourceRanges do not allow",
                new Statement.InSet(Keys.DESTINATION, false, NamedSet.FIREWALL_IPS),
                new Statement.InSet(
                    concat(Keys.DESTINATION, SOURCE_ADDRESS), true, NamedSet.FIREWALL_SOURCES),
                new Statement.Drop())),
        new ChainRules(Chains.CLUSTER_IPS_CHECK, null, clusterIpsCheck(settings)),
        chain(
            Chains.MASQUERADING,
            Rule.of(
                new Statement.MarkHas(mark),
                new Statement.FlipMark(mark),
                new Statement.Masquerade()),
            Rule.of(
                "hairpin",
                new Statement.DestinationTranslated(),
                new Statement.InSet(
                    concat(List.of(SOURCE_ADDRESS), Keys.DESTINATION),
                    false,
                    NamedSet.HAIRPIN_CONNECTIONS),
                new Statement.Masquerade())),
        new ChainRules(Chains.AFFINITY_LEARN, null, affinityLearn()),
        new ChainRules(Chains.SERVICES, null, services(settings)));
  }

  private List<Rule> services(NodeSettings settings) {
    List<Rule> rules = new ArrayList<>();
    Statement toClusterIp =
        new Statement.InSet(List.of(DESTINATION_ADDRESS), false, NamedSet.CLUSTER_IPS);
    if (settings.masqueradeAll()) {
      rules.add(
          Rule.of("masquerade all clusterIP traffic", toClusterIp, new Statement.SetMark(mark)));
    } else {
      localSource(settings.localSource(), true)
          .forEach(notLocal ->
              rules.add(
                  Rule.of(
                      "masquerade clusterIP traffic from outside cluster",
                      toClusterIp,
                      notLocal,
                      new Statement.SetMark(mark))));
    }
    rules.add(Rule.of(verdictOf(Keys.DESTINATION, NamedSet.SERVICE_IPS)));
    rules.add(onNodePort(settings, true, NamedSet.SERVICE_NODEPORTS));
    return rules;
  }

  private List<Rule> clusterIpsCheck(NodeSettings settings) {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        Rule.of(
            "Reject traffic to invalid ports of ClusterIPs",
            new Statement.InSet(List.of(DESTINATION_ADDRESS), false, NamedSet.CLUSTER_IPS),
            new Statement.Goto(Chains.REJECT)));
    for (IpPrefix cidr : settings.serviceCidrs()) {
      rules.add(
          Rule.of(
              "Drop traffic to unallocated ClusterIPs",
              new Statement.InPrefix(DESTINATION_ADDRESS, false, cidr),
              new Statement.Drop()));
    }
    return rules;
  }

  /// The tools print the original port of a connection only where the protocol is known, so there
  /// is a rule for each.
  private static List<Rule> affinityLearn() {
    List<Field> original =
        List.of(ORIGINAL_DESTINATION_ADDRESS, Field.Packet.PROTOCOL, ORIGINAL_DESTINATION_PORT);
    List<Field> originalNodePort = List.of(Field.Packet.PROTOCOL, ORIGINAL_DESTINATION_PORT);
    List<Rule> rules = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      Statement isProtocol = new Statement.IsProtocol(protocol);
      rules.add(
          Rule.of(
              isProtocol, verdictOf(concat(original, Keys.BACKEND), NamedSet.AFFINITY_LEARNERS)));
      rules.add(
          Rule.of(
              isProtocol,
              verdictOf(
                  concat(originalNodePort, Keys.BACKEND), NamedSet.NODEPORT_AFFINITY_LEARNERS)));
    }
    return rules;
  }

  /// The rules of a chain of one shape.
  public List<Rule> rules(NodeSettings settings, ShapeChain shape) {
    return switch (shape) {
      case ShapeChain.Pick pick -> pick(pick);
      case ShapeChain.External external ->
          List.of(Rule.of("masquerade", new Statement.SetMark(mark)), goTo(external.pick()));
      case ShapeChain.ExternalLocal external -> externalLocal(settings, external);
      case ShapeChain.Remember remember -> remember(remember);
    };
  }

  private List<Rule> externalLocal(NodeSettings settings, ShapeChain.ExternalLocal external) {
    List<Rule> rules = new ArrayList<>();
    Statement toCluster = new Statement.Goto(external.pickCluster().chain());
    localSource(settings.localSource(), false)
        .forEach(local -> rules.add(Rule.of("short-circuit pod traffic", local, toCluster)));
    Statement fromNode = new Statement.IsLocal(SOURCE_ADDRESS);
    rules.add(Rule.of("masquerade local traffic", fromNode, new Statement.SetMark(mark)));
    rules.add(Rule.of("short-circuit local traffic", fromNode, toCluster));
    external.pickLocal().ifPresent(pickLocal -> rules.add(goTo(pickLocal)));
    return rules;
  }

  /// Draws a slot until it draws one that is taken. At least half of the slots are, so more than a
  /// few draws are rare; the last one is among the first half, all of which are taken. What that
  /// adds to their share is less than one percent of it.
  private static List<Rule> pick(ShapeChain.Pick pick) {
    NamedSet endpoints = pick.endpoints();
    List<Rule> rules = new ArrayList<>();
    if (pick.affinity()) {
      rules.add(
          Rule.of(
              new Statement.TranslateTo(
                  concat(List.of(SOURCE_ADDRESS), Keys.DESTINATION), affinityMap(endpoints))));
    }
    List<Field> key = Keys.isNodePort(endpoints) ? Keys.DESTINATION_NODE_PORT : Keys.DESTINATION;
    int draws = pick.capacity() <= ALWAYS_FULL ? 0 : DRAWS;
    for (int draw = 0; draw < draws; draw++) {
      rules.add(translate(key, pick.capacity(), endpoints));
    }
    rules.add(translate(key, lastModulus(pick.capacity()), endpoints));
    return rules;
  }

  private static int lastModulus(int capacity) {
    return capacity <= ALWAYS_FULL ? capacity : capacity / 2;
  }

  private static Rule translate(List<Field> key, int modulus, NamedSet endpoints) {
    return Rule.of(new Statement.TranslateTo(Keys.withIndex(key, modulus), endpoints));
  }

  private static NamedSet affinityMap(NamedSet endpoints) {
    boolean local =
        endpoints == NamedSet.SERVICE_LOCAL_ENDPOINTS
            || endpoints == NamedSet.NODEPORT_LOCAL_ENDPOINTS;
    return local ? NamedSet.LOCAL_AFFINITY : NamedSet.AFFINITY;
  }

  private static List<Rule> remember(ShapeChain.Remember remember) {
    List<Field> key =
        List.of(
            SOURCE_ADDRESS,
            ORIGINAL_DESTINATION_ADDRESS,
            Field.Packet.PROTOCOL,
            ORIGINAL_DESTINATION_PORT);
    List<Rule> rules = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      Statement isProtocol = new Statement.IsProtocol(protocol);
      rules.add(Rule.of(isProtocol, learn(NamedSet.AFFINITY, key, remember)));
      if (remember.local()) {
        rules.add(Rule.of(isProtocol, learn(NamedSet.LOCAL_AFFINITY, key, remember)));
      }
    }
    return rules;
  }

  private static Statement learn(NamedSet map, List<Field> key, ShapeChain.Remember remember) {
    return new Statement.Learn(map, key, Keys.BACKEND, remember.timeoutSeconds());
  }

  /// A rule for packets to a node port.
  ///
  /// @param mustBeLocal whether the hook also sees packets to other nodes
  private Rule onNodePort(NodeSettings settings, boolean mustBeLocal, NamedSet map) {
    Statement verdict = verdictOf(Keys.DESTINATION_NODE_PORT, map);
    return switch (settings.nodePortAddresses()) {
      case NodePortAddresses.Only _ ->
          Rule.of(
              new Statement.InSet(List.of(DESTINATION_ADDRESS), false, NamedSet.NODEPORT_IPS),
              verdict);
      case NodePortAddresses.AllLocal() -> {
        IpPrefix loopback = family == IpFamily.IPV4 ? LOOPBACK_IPV4 : LOOPBACK_IPV6;
        Statement notLoopback = new Statement.InPrefix(DESTINATION_ADDRESS, true, loopback);
        yield mustBeLocal
            ? Rule.of(new Statement.IsLocal(DESTINATION_ADDRESS), notLoopback, verdict)
            : Rule.of(notLoopback, verdict);
      }
    };
  }

  private static Stream<Statement> localSource(LocalSource source, boolean negated) {
    return switch (source) {
      case LocalSource.Unknown() -> Stream.empty();
      case LocalSource.FromPrefix(IpPrefix prefix) ->
          Stream.of(new Statement.InPrefix(SOURCE_ADDRESS, negated, prefix));
      case LocalSource.FromInterface(String name) ->
          Stream.of(new Statement.InputInterface(negated, name, false));
      case LocalSource.FromInterfacePrefix(String prefix) ->
          Stream.of(new Statement.InputInterface(negated, prefix, true));
    };
  }

  private static Rule learn() {
    return Rule.of(
        "remember the endpoints of clients with session affinity",
        NEW,
        new Statement.DestinationTranslated(),
        new Statement.Jump(Chains.AFFINITY_LEARN));
  }

  private static Statement verdictOf(List<Field> key, NamedSet map) {
    return new Statement.VerdictOf(key, map);
  }

  private static Rule onNew(String chain) {
    return Rule.of(NEW, new Statement.Jump(chain));
  }

  private static Rule goTo(ShapeChain shape) {
    return Rule.of(new Statement.Goto(shape.chain()));
  }

  private static Rule jump(String chain) {
    return Rule.of(new Statement.Jump(chain));
  }

  private static ChainRules base(String name, Hook hook, Rule... rules) {
    return new ChainRules(name, hook, List.of(rules));
  }

  private static ChainRules chain(String name, Rule... rules) {
    return new ChainRules(name, null, List.of(rules));
  }

  private static List<Field> concat(List<Field> fields, Field.Packet last) {
    return concat(fields, List.of(last));
  }

  private static List<Field> concat(List<? extends Field> first, List<? extends Field> second) {
    return Stream.concat(first.stream(), second.stream()).map(Field.class::cast).toList();
  }
}
