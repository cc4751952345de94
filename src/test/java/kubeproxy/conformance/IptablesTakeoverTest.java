package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kubeproxy.app.ModeOpener;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The `iptables` mode where somebody else was before, or comes in between.
@Tag("kernel")
class IptablesTakeoverTest {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final TestNode node = new TestNode();

  @AfterEach
  void close() throws Exception {
    node.namespace().run(() -> new IptablesCleanup(Programs.ofHost()).cleanUp());
    node.close();
  }

  private static ModeOpener opener(Variant variant) {
    return IptablesMode.opener(variant, false, PERIOD);
  }

  private String saved(Variant variant, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(IptablesMode.tools(variant, IpFamily.IPV4).save()));
    command.addAll(List.of(arguments));
    return node.namespace().exec(command.toArray(new String[0]));
  }

  /// The rules of the Service ns1/web of the node, with arguments in upstream's order.
  private static String upstream(String service, String here, String there) {
    return """
    *nat
    :KUBE-SERVICES - [0:0]
    :KUBE-NODEPORTS - [0:0]
    :KUBE-POSTROUTING - [0:0]
    :KUBE-MARK-MASQ - [0:0]
    :KUBE-SVC-%1$s - [0:0]
    :KUBE-SEP-%2$s - [0:0]
    :KUBE-SEP-%3$s - [0:0]
    :KUBE-SVC-GONE - [0:0]
    -A KUBE-POSTROUTING -m mark ! --mark 0x00004000/0x00004000 -j RETURN
    -A KUBE-POSTROUTING -j MARK --xor-mark 0x00004000
    -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" \
    -j MASQUERADE --random-fully
    -A KUBE-MARK-MASQ -j MARK --or-mark 0x00004000
    -A KUBE-SERVICES -m comment --comment "ns1/web:http cluster IP" -m tcp -p tcp \
    -d 172.30.0.41 --dport 80 -j KUBE-SVC-%1$s
    -A KUBE-SVC-%1$s -m comment --comment "ns1/web:http cluster IP" -m tcp -p tcp \
    -d 172.30.0.41 --dport 80 ! -s 10.180.0.0/24 -j KUBE-MARK-MASQ
    -A KUBE-SVC-%1$s -m comment --comment "ns1/web:http -> 10.180.0.1:80" \
    -m statistic --mode random --probability 0.5000000000 -j KUBE-SEP-%2$s
    -A KUBE-SVC-%1$s -m comment --comment "ns1/web:http -> 10.180.1.1:80" -j KUBE-SEP-%3$s
    -A KUBE-SEP-%2$s -m comment --comment ns1/web:http -s 10.180.0.1 -j KUBE-MARK-MASQ
    -A KUBE-SEP-%2$s -m comment --comment ns1/web:http -m tcp -p tcp -j DNAT \
    --to-destination 10.180.0.1:80
    -A KUBE-SEP-%3$s -m comment --comment ns1/web:http -s 10.180.1.1 -j KUBE-MARK-MASQ
    -A KUBE-SEP-%3$s -m comment --comment ns1/web:http -m tcp -p tcp -j DNAT \
    --to-destination 10.180.1.1:80
    -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
    -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
    -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
    COMMIT
    """
        .formatted(service, here, there);
  }

  @ParameterizedTest
  @EnumSource
  void whatUpstreamLeftIsTakenOverAsItIs(Variant variant) throws Exception {
    var names = new ChainNames();
    String service = names.port("ns1/web:http", "tcp");
    String here = endpoint(names, "10.180.0.1:80");
    String there = endpoint(names, "10.180.1.1:80");
    node.namespace()
        .execWithInput(
            upstream(service, here, there),
            IptablesMode.tools(variant, IpFamily.IPV4).restore(),
            "-w",
            "--noflush",
            "--counters");
    try (Flow connection = node.open(TestNode.POD, TestNode.WEB)) {
      Verdict endpoint = connection.ask(TestNode.PATIENCE);
      assertThat(endpoint).isInstanceOf(Verdict.Reached.class);
      try (ProxyUnderTest proxy = node.startProxy(opener(variant))) {
        assertThat(proxy.troubles()).isEmpty();
        assertThat(connection.ask(TestNode.PATIENCE)).isEqualTo(endpoint);
        assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      }
    }
    // a chain that is written anew counts from 0
    String counted = saved(variant, "-c", "-t", "nat");
    assertThat(counted.lines().filter(line -> line.contains("-A KUBE-SEP-") && !isZero(line)))
        .as(counted)
        .isNotEmpty();
    assertThat(counted.lines().filter(line -> line.contains("-A PREROUTING"))).hasSize(1);
    assertThat(counted).doesNotContain("KUBE-SVC-GONE");
  }

  /// What upstream kube-proxy looks for before it puts a jump on top: table, chain, rule.
  private static final List<List<String>> UPSTREAM_JUMPS =
      List.of(
          jump("filter", "INPUT", true, "kubernetes externally-visible service portals"),
          jump("filter", "FORWARD", true, "kubernetes externally-visible service portals"),
          jump("filter", "INPUT", false, "kubernetes health check service ports"),
          jump("filter", "FORWARD", true, "kubernetes service portals"),
          jump("filter", "OUTPUT", true, "kubernetes service portals"),
          jump("filter", "FORWARD", false, "kubernetes forwarding rules"),
          jump("filter", "INPUT", true, "kubernetes load balancer firewall"),
          jump("filter", "OUTPUT", true, "kubernetes load balancer firewall"),
          jump("filter", "FORWARD", true, "kubernetes load balancer firewall"),
          jump("nat", "OUTPUT", false, "kubernetes service portals"),
          jump("nat", "PREROUTING", false, "kubernetes service portals"),
          jump("nat", "POSTROUTING", false, "kubernetes postrouting rules"));

  private static final Map<String, String> JUMP_TARGETS =
      Map.of(
          "kubernetes externally-visible service portals", "KUBE-EXTERNAL-SERVICES",
          "kubernetes health check service ports", "KUBE-NODEPORTS",
          "kubernetes service portals", "KUBE-SERVICES",
          "kubernetes forwarding rules", "KUBE-FORWARD",
          "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL",
          "kubernetes postrouting rules", "KUBE-POSTROUTING");

  private static List<String> jump(String table, String from, boolean onlyNew, String comment) {
    List<String> arguments = new ArrayList<>(List.of("-w", "5", "-C", from, "-t", table));
    if (onlyNew) {
      arguments.addAll(List.of("-m", "conntrack", "--ctstate", "NEW"));
    }
    arguments.addAll(List.of("-m", "comment", "--comment", comment, "-j"));
    return arguments;
  }

  /// Upstream finds its jumps, writes everything over ours, removes the chains that it does not
  /// know, and is followed by us again.
  @ParameterizedTest
  @EnumSource
  void upstreamTakesOverWhatWeLeft(Variant variant) throws Exception {
    try (ProxyUnderTest _ = node.startProxy(opener(variant))) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    Tools tools = IptablesMode.tools(variant, IpFamily.IPV4);
    for (List<String> jump : UPSTREAM_JUMPS) {
      List<String> command = new ArrayList<>(List.of(tools.iptables()));
      command.addAll(jump);
      command.add(JUMP_TARGETS.get(jump.get(jump.size() - 2)));
      node.namespace().exec(command.toArray(new String[0]));
    }
    var names = new ChainNames();
    String service = names.port("ns1/web:http", "tcp");
    String all =
        upstream(service, endpoint(names, "10.180.0.1:80"), endpoint(names, "10.180.1.1:80"));
    String withoutJumps = all.replaceAll("(?m)^-A (OUTPUT|PREROUTING|POSTROUTING) .*\n", "");
    List<String> stale =
        saved(variant, "-t", "nat")
            .lines()
            .filter(line -> line.startsWith(":"))
            .map(line -> line.substring(1, line.indexOf(' ')))
            .filter(chain -> ChainNames.isOfService(chain) && !all.contains(":" + chain + " "))
            .toList();
    assertThat(stale).isNotEmpty();
    String removal =
        stale.stream().map(chain -> ":" + chain + " - [0:0]\n").collect(Collectors.joining())
            + stale.stream().map(chain -> "-X " + chain + "\n").collect(Collectors.joining());
    node.namespace()
        .execWithInput(
            UPSTREAM_FILTER + withoutJumps.replace("COMMIT\n", removal + "COMMIT\n"),
            tools.restore(),
            "-w",
            "5",
            "--noflush",
            "--counters");
    assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    String upstreams = saved(variant, "-t", "nat");
    assertThat(upstreams.lines().filter(line -> line.startsWith(":KUBE-SEP-"))).hasSize(2);
    assertThat(upstreams.lines().filter(line -> line.startsWith("-A PREROUTING"))).hasSize(1);

    try (ProxyUnderTest proxy = node.startProxy(opener(variant))) {
      assertThat(proxy.troubles()).isEmpty();
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      assertThat(node.isServed(TestNode.POD, TestNode.STICKY)).isTrue();
    }
  }

  private static final String UPSTREAM_FILTER =
      """
      *filter
      :KUBE-SERVICES - [0:0]
      :KUBE-EXTERNAL-SERVICES - [0:0]
      :KUBE-FORWARD - [0:0]
      :KUBE-NODEPORTS - [0:0]
      :KUBE-PROXY-FIREWALL - [0:0]
      -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
      -A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" \
      -m mark --mark 0x00004000/0x00004000 -j ACCEPT
      -A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" \
      -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      COMMIT
      """;

  private static boolean isZero(String line) {
    return line.startsWith("[0:0]");
  }

  private static String endpoint(ChainNames names, String endpoint) {
    return names.endpoint("ns1/web:http", "tcp", endpoint).substring("KUBE-SEP-".length());
  }

  @ParameterizedTest
  @EnumSource
  void aRestartTouchesNothing(Variant variant) throws Exception {
    try (ProxyUnderTest _ = node.startProxy(opener(variant))) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    String before = saved(variant, "-c", "-t", "nat").replaceAll("(?m)^#.*$", "");
    try (ProxyUnderTest second = node.startProxy(opener(variant))) {
      assertThat(second.operations(IpFamily.IPV4)).isZero();
      assertThat(second.operations(IpFamily.IPV6)).isZero();
    }
    assertThat(saved(variant, "-c", "-t", "nat").replaceAll("(?m)^#.*$", "")).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void aFlushIsRepairedByItself(Variant variant) throws Exception {
    try (ProxyUnderTest proxy = node.startProxy(opener(variant))) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      String iptables = IptablesMode.tools(variant, IpFamily.IPV4).iptables();
      for (String table : List.of("mangle", "filter", "nat")) {
        node.namespace().exec(iptables, "-w", "-t", table, "-F");
        node.namespace().exec(iptables, "-w", "-t", table, "-X");
      }
      TestNode.await(
          "traffic after a flush",
          () -> {
            proxy.expectNoFault();
            return node.isServed(TestNode.POD, TestNode.WEB);
          });
    }
  }

  /// The kernel tells of every change, so that nobody has to look.
  @Test
  void aRuleThatSomebodyRemovesIsPutBackAtOnce() throws Exception {
    ModeOpener opener = IptablesMode.opener(Variant.NF_TABLES, false, Duration.ofHours(1));
    try (ProxyUnderTest proxy = node.startProxy(opener)) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      String iptables = IptablesMode.tools(Variant.NF_TABLES, IpFamily.IPV4).iptables();
      List<String> before = natRules();
      for (String chain : List.of("PREROUTING", "KUBE-SERVICES", "KUBE-MARK-MASQ")) {
        node.namespace().exec(iptables, "-w", "-t", "nat", "-D", chain, "1");
        TestNode.await(
            "the rule of " + chain + " that was removed",
            () -> {
              proxy.expectNoFault();
              return natRules().equals(before);
            });
      }
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
  }

  private List<String> natRules() {
    return saved(Variant.NF_TABLES, "-t", "nat")
        .lines()
        .filter(line -> line.startsWith("-A"))
        .sorted()
        .toList();
  }
}
