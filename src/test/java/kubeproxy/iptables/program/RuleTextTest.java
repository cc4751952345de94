package kubeproxy.iptables.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules as text and back.
class RuleTextTest {

  private static Rule parse(String line) {
    return RuleParser.parse(IpFamily.IPV4, line).orElseThrow().rule();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPrintedReadsAsTheSame(IpFamily family) {
    RuleText text = new RuleText(family);
    for (PlacedRule placed : rules(family)) {
      String printed = text.print(placed.chain(), placed.rule());
      assertThat(RuleParser.parse(family, printed))
          .as(printed)
          .contains(new RuleParser.Placed(placed.chain(), placed.rule()));
    }
  }

  /// Rules of every kind.
  private static List<PlacedRule> rules(IpFamily family) {
    boolean ipv4 = family == IpFamily.IPV4;
    Compilers compilers =
        Compilers.of(new CompileOptions(family, 0x4000, ipv4, true, true, true, true));
    List<PlacedRule> rules = new ArrayList<>();
    RandomPlan random = new RandomPlan(family, new Random(7), 12);
    for (int i = 0; i < 30; i++) {
      random.step();
      NodePlan plan = UniformTreatments.of(random.plan());
      plan.services()
          .forEach((_, service) -> {
            rules.addAll(compilers.dispatch().compile(service));
            compilers
                .chains()
                .compile(service, plan.settings(), true, chain -> rules.addAll(placed(chain)));
          });
      compilers
          .node()
          .tail(plan.settings())
          .forEach(rule -> rules.add(new PlacedRule(Table.NAT, Chains.SERVICES, rule)));
    }
    compilers.node().chains().forEach(chain -> rules.addAll(placed(chain)));
    rules.addAll(compilers.node().shared());
    return rules;
  }

  private static List<PlacedRule> placed(ChainRules chain) {
    return chain.rules().stream()
        .map(rule -> new PlacedRule(chain.table(), chain.chain(), rule))
        .toList();
  }

  @Test
  void printsAsTheToolsDo() {
    String line =
        "-A KUBE-SVC-X ! -s 10.0.0.0/8 -d 172.30.0.41/32 ! -i veth+ -p tcp -m comment --comment"
            + " \"ns1/svc1:p80 cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ";
    assertThat(new RuleText(IpFamily.IPV4).print("KUBE-SVC-X", parse(line))).isEqualTo(line);
  }

  @Test
  void readsOtherOrdersAndShorterForms() {
    assertThat(parse("-A X -m comment --comment plain -p udp -d 10.0.0.1 -j DROP"))
        .isEqualTo(parse("-A X -d 10.0.0.1/32 -p udp -m comment --comment \"plain\" -j DROP"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A X -g KUBE-SERVICES",
        "-A X ! -p tcp -j DROP",
        "-A X -o eth0 -j DROP",
        "-A X -m tcp --dport 80 -j DROP",
        "-A X -m statistic --mode nth --every 2 --packet 0 -j DROP",
        "-A X -m statistic --mode random --probability 0.4 -j DROP",
        "-A X -m mark --mark 0x4000/0x8000 -j DROP",
        "-A X -j REJECT --reject-with icmp-host-prohibited",
        "-A X -j MARK --set-xmark 0x4000/0xffffffff",
        "-A X -m comment --comment \"no end",
        "-A X -s nonsense -j DROP",
        "-I X -j DROP",
        "-A X -j DROP !",
        "-A",
      })
  void othersRulesAreNotRead(String line) {
    assertThat(RuleParser.parse(IpFamily.IPV4, line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "two words", "a \"quote\"", "back\\slash", "it's", "ns/svc:p -> x"})
  void commentsSurvive(String comment) {
    Rule rule = Rule.builder().comment(comment).jump("Y");
    String printed = new RuleText(IpFamily.IPV4).print("X", rule);
    assertThat(parse(printed)).isEqualTo(rule);
  }

  @Test
  void commentsAreMadeToFit() {
    assertThat(Comments.of("a\nb\u00e9")).isEqualTo("a?b?");
    assertThat(Comments.of("x".repeat(300))).hasSize(Comments.MAX_CHARACTERS);
  }

  @Test
  void probabilitiesAreThoseThatUpstreamsRulesHaveInTheKernel() {
    assertThat(Stream.of(2, 3, 6, 7).map(Probability::text))
        .containsExactly("0.50000000000", "0.33333333349", "0.16666666651", "0.14285714272");
    for (int of = 2; of < 20_000; of++) {
      assertThat(Probability.parse(Probability.text(of))).isEqualTo(of);
    }
  }

  @Test
  void tablesAreTakenApart() {
    String printed =
        """
        # Generated
        *raw
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -j ACCEPT
        COMMIT
        *nat
        :OUTPUT ACCEPT [1:60]
        :KUBE-A - [0:0]
        :KUBE-B - [0:0]
        -A OUTPUT -j KUBE-A
        -A KUBE-A -j KUBE-B
        -A KUBE-A -j KUBE-C
        COMMIT
        # Completed
        """;
    SavedTables saved = SavedTables.parse(bytes(printed));
    assertThat(saved).isNotNull();
    assertThat(saved.chains(Table.NAT)).containsOnlyKeys("OUTPUT", "KUBE-A", "KUBE-B");
    assertThat(saved.chains(Table.FILTER)).isEmpty();
    SavedTables.SavedChain chain = saved.chains(Table.NAT).get("KUBE-A");
    assertThat(chain).isNotNull();
    assertThat(chain.lines()).containsExactly("-A KUBE-A -j KUBE-B", "-A KUBE-A -j KUBE-C");
    assertThat(chain.reads(new ByteText().add("-A KUBE-A -j KUBE-B\n-A KUBE-A -j KUBE-C\n")))
        .isTrue();
    assertThat(chain.reads(new ByteText().add("-A KUBE-A -j KUBE-B\n"))).isFalse();
    assertThat(SavedTables.parse(bytes("*nat\n:OUTPUT ACCEPT [1:60]\n"))).isNull();
  }

  /// The kernel takes any comment, and `iptables-save` prints it as it is.
  @Test
  void commentsOfOthersMayHaveSeveralLines() {
    String printed =
        """
        *nat
        :OUTPUT ACCEPT [1:60]
        :KUBE-A - [0:0]
        -A OUTPUT -m comment --comment "see
        - the list
        " -j ACCEPT
        -A KUBE-A -j RETURN
        COMMIT
        """;
    SavedTables saved = SavedTables.parse(bytes(printed));
    assertThat(saved).isNotNull();
    SavedTables.SavedChain chain = saved.chain(Table.NAT, "KUBE-A");
    assertThat(chain).isNotNull();
    assertThat(chain.lines()).containsExactly("-A KUBE-A -j RETURN");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
