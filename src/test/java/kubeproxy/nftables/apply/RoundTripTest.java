package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.NFTA_RULE_CHAIN;
import static kubeproxy.kernel.nftables.NfTables.NFTA_RULE_EXPRESSIONS;
import static kubeproxy.kernel.nftables.NfTables.NFTA_RULE_TABLE;
import static kubeproxy.kernel.nftables.NfTables.NFT_MSG_GETRULE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.nftables.diff.FullDiff;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Statement;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.EveryShape;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What we write is what the kernel gives back.
@Tag("kernel")
class RoundTripTest {
  private final NetworkNamespace namespace = NetworkNamespace.create();
  private final NfnetlinkSession session = namespace.open(NetlinkNftables::openSession);

  @AfterEach
  void close() throws IOException {
    session.close();
    namespace.close();
  }

  private Transaction install(NetlinkNftables port, NodePlan plan) throws IOException {
    Transaction transaction = FullDiff.between(port.observe(), Compiled.all(plan)).transaction();
    assertThat(port.commit(transaction)).isEqualTo(new CommitResult.Committed());
    return transaction;
  }

  @ParameterizedTest
  @EnumSource
  void rules(IpFamily family) throws IOException {
    for (LocalSource source : EveryShape.sources(family)) {
      NetlinkNftables port = new NetlinkNftables(session, family);
      Transaction transaction = install(port, EveryShape.plan(family, source));
      Map<String, List<String>> read = dumpRules(family);
      for (Operation operation : transaction.operations()) {
        if (operation instanceof Operation.AddRules(String chain, List<Rule> rules)) {
          List<String> got = read.getOrDefault(chain, List.of());
          assertThat(got).as(chain).hasSameSizeAs(rules);
          for (int i = 0; i < rules.size(); i++) {
            assertThat(got.get(i))
                .as("%s: %s", chain, ProgramText.rule(family, rules.get(i)))
                .isEqualTo(asGivenBack(family, rules.get(i)));
          }
        }
      }
      port.commit(new Transaction(family, List.of(new Operation.DeleteTable())));
    }
  }

  private Map<String, List<String>> dumpRules(IpFamily family) throws IOException {
    Map<String, List<String>> rules = new HashMap<>();
    try (MessageWriter out = new MessageWriter()) {
      session
          .beginDump(out, NFT_MSG_GETRULE, ExpressionWriter.protocolNumber(family))
          .putString(NFTA_RULE_TABLE, BatchWriter.TABLE)
          .endMessage();
      Attributes attributes = new Attributes();
      Answer answer =
          session.dump(
              out,
              message -> {
                String chain = "";
                String expressions = "";
                message.attributes(attributes, Nfnetlink.HEADER_BYTES);
                while (attributes.next()) {
                  if (attributes.type() == NFTA_RULE_CHAIN) {
                    chain = attributes.string();
                  } else if (attributes.type() == NFTA_RULE_EXPRESSIONS) {
                    expressions = text(attributes);
                  }
                }
                rules.computeIfAbsent(chain, _ -> new ArrayList<>()).add(expressions);
              });
      assertThat(answer).isInstanceOf(Answer.Complete.class);
    }
    return rules;
  }

  private static String asGivenBack(IpFamily family, Rule rule) throws IOException {
    try (MessageWriter out = new MessageWriter()) {
      out.beginMessage(0, 0, 0).beginAttribute(NFTA_RULE_EXPRESSIONS);
      ExpressionWriter writer = new ExpressionWriter(out, family);
      for (Statement statement : rule.statements()) {
        writer.write(statement);
      }
      out.endAttribute().endMessage();
      MessageReader message = new MessageReader().wrap(out.bytes());
      message.next();
      Attributes attributes = new Attributes();
      message.attributes(attributes, 0);
      attributes.next();
      return text(attributes);
    }
  }

  /// Expressions, one a line.
  private static String text(Attributes expressions) throws IOException {
    StringBuilder text = new StringBuilder();
    Attributes list = new Attributes();
    expressions.nested(list);
    while (list.next()) {
      text.append(asKernel(HexFormat.of().formatHex(list.bytes()))).append('\n');
    }
    return text.toString();
  }

  /// What the kernel adds. Where a translation names one address and one port, it gives back a
  /// range from each to itself (`NFTA_NAT_REG_ADDR_MAX`, `NFTA_NAT_REG_PROTO_MAX`) and the flags
  /// that say that there is an address and a port (`NFTA_NAT_FLAGS`). To what packets put into a
  /// set it adds flags (`NFTA_DYNSET_FLAGS`), none of which is set.
  private static String asKernel(String expression) {
    Matcher nat = TRANSLATION.matcher(expression);
    if (nat.matches()) {
      return nat.group("name")
          + "3c000200"
          + nat.group("type")
          + ("08000300" + nat.group("address") + "08000400" + nat.group("address"))
          + ("08000500" + nat.group("port") + "08000600" + nat.group("port"))
          + "0800070000000003";
    }
    Matcher learn = LEARN.matcher(expression);
    if (learn.matches() && !learn.group("rest").endsWith("0800090000000000")) {
      int length = Integer.parseInt(learn.group("length"), 16) + 8;
      return learn.group("name")
          + HexFormat.of().toHexDigits((byte) length)
          + learn.group("rest")
          + "0800090000000000";
    }
    return expression;
  }

  private static final Pattern LEARN =
      Pattern.compile("(?<name>0b00010064796e7365740000)(?<length>..)(?<rest>000200.*)");

  private static final Pattern TRANSLATION =
      Pattern.compile(
          "(?<name>080001006e617400)24000200(?<type>.{32})"
              + "08000300(?<address>.{8})08000500(?<port>.{8})");

  @ParameterizedTest
  @EnumSource
  void setsAndElements(IpFamily family) throws IOException {
    NetlinkNftables port = new NetlinkNftables(session, family);
    NodePlan plan = EveryShape.plan(family, EveryShape.sources(family).getFirst());
    Transaction transaction = install(port, plan);
    Map<NamedSet, Map<Key, Element>> written = new TreeMap<>();
    Map<NamedSet, Integer> sizes = new TreeMap<>();
    for (Operation operation : transaction.operations()) {
      switch (operation) {
        case Operation.AddSet(NamedSet set, int size) -> sizes.put(set, size);
        case Operation.PutElement(_, Element element) -> note(written, element);
        case Operation.PutSlot(_, var slots, int index) ->
            note(written, ProgramText.slotElement(family, slots, index));
        default -> {}
      }
    }
    Observed observed = port.observe();
    assertThat(observed.isOurs()).isTrue();
    for (NamedSet set : NamedSet.values()) {
      Observed.ObservedSet found = Objects.requireNonNull(observed.sets().get(set));
      Map<Key, Element> read = new TreeMap<>();
      found.elements().forEach(element -> read.put(element.key(), element));
      assertThat(found.size()).as(set.text()).isEqualTo(sizes.get(set));
      assertThat(read).as(set.text()).isEqualTo(written.getOrDefault(set, new TreeMap<>()));
      assertThat(set.isLearned() || !read.isEmpty()).as(set.text()).isTrue();
    }
    assertThat(FullDiff.between(observed, Compiled.all(plan)).transaction().operations()).isEmpty();
  }

  private static void note(Map<NamedSet, Map<Key, Element>> written, Element element) {
    written
        .computeIfAbsent(element.set(), _ -> new TreeMap<>())
        .put(
            element.key(),
            new Element(element.set(), element.key(), element.keyEnd(), element.value(), ""));
  }
}
