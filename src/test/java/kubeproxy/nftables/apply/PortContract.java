package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.nftables.apply.NftablesPort.RefusedOperation;
import kubeproxy.nftables.diff.Fingerprint;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Operation.AddChain;
import kubeproxy.nftables.diff.Operation.AddRules;
import kubeproxy.nftables.diff.Operation.AddSet;
import kubeproxy.nftables.diff.Operation.AddTable;
import kubeproxy.nftables.diff.Operation.DeleteChain;
import kubeproxy.nftables.diff.Operation.DeleteSet;
import kubeproxy.nftables.diff.Operation.DeleteTable;
import kubeproxy.nftables.diff.Operation.FlushChain;
import kubeproxy.nftables.diff.Operation.PutElement;
import kubeproxy.nftables.diff.Operation.PutSlot;
import kubeproxy.nftables.diff.Operation.RemoveElement;
import kubeproxy.nftables.diff.Operation.RemoveSlot;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Field;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Slots;
import kubeproxy.nftables.program.Statement;
import kubeproxy.plan.Backend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a kernel answers. The fake is held to it as the real one is, so that what is proved over
/// the fake holds over the real one.
abstract class PortContract {
  private static final Hook HOOK = new Hook("nat", 0, "prerouting", -100);
  private static final Statement LOOKUP =
      new Statement.VerdictOf(
          List.of(
              Field.Packet.DESTINATION_ADDRESS,
              Field.Packet.PROTOCOL,
              Field.Packet.DESTINATION_PORT),
          NamedSet.SERVICE_IPS);
  private static final Operation TABLE = new AddTable();
  private static final Operation CHAIN = new AddChain("a", null);
  private static final Operation IPS = new AddSet(NamedSet.CLUSTER_IPS, 0);
  private static final Operation MAP = new AddSet(NamedSet.SERVICE_IPS, 0);
  private static final Operation RANGES = new AddSet(NamedSet.FIREWALL_SOURCES, 0);
  private static final Operation ENDPOINTS = new AddSet(NamedSet.SERVICE_ENDPOINTS, 0);

  private NftablesPort port;

  /// A port to a kernel without our table, in IPv4.
  abstract NftablesPort open();

  @BeforeEach
  final void openPort() {
    port = open();
  }

  private CommitResult commit(Operation... operations) {
    return port.commit(new Transaction(IpFamily.IPV4, List.of(operations)));
  }

  private void given(Operation... operations) {
    assertThat(commit(operations)).isEqualTo(new CommitResult.Committed());
  }

  /// Expects that the last operation is refused, and that nothing was done.
  private void refused(String error, Operation... operations) throws Exception {
    Observed before = port.observe();
    assertThat(commit(operations))
        .isInstanceOfSatisfying(
            CommitResult.Refused.class,
            refusal -> {
              RefusedOperation first = refusal.errors().getFirst();
              assertThat(first.error()).isEqualTo(error);
              assertThat(first.operation()).isEqualTo(operations[operations.length - 1]);
              assertThat(first.beliefWrong()).isTrue();
            });
    assertThat(sorted(port.observe())).isEqualTo(sorted(before));
  }

  private static Observed sorted(Observed observed) {
    var sets = new EnumMap<NamedSet, Observed.ObservedSet>(NamedSet.class);
    observed
        .sets()
        .forEach((set, found) -> {
          List<Element> elements = new ArrayList<>(found.elements());
          elements.sort((a, b) -> a.key().compareTo(b.key()));
          sets.put(set, new Observed.ObservedSet(found.size(), elements));
        });
    return new Observed(observed.exists(), observed.chains(), sets, observed.foreignSets());
  }

  private static Element ip(int number) {
    return Element.of(
        NamedSet.CLUSTER_IPS, Key.builder(4).address(IpAddress.of("10.0.0." + number)).build());
  }

  private static Key destination(int port) {
    return Key.builder(12)
        .address(IpAddress.of("10.0.0.1"))
        .protocol(Protocol.TCP)
        .port(port)
        .build();
  }

  private static Element leading(int port, String chain) {
    return Element.of(NamedSet.SERVICE_IPS, destination(port), new ElementValue.Goto(chain));
  }

  private static Element range(String first, String last) {
    return new Element(
        NamedSet.FIREWALL_SOURCES,
        destination(80).then(Key.builder(4).address(IpAddress.of(first)).build()),
        destination(80).then(Key.builder(4).address(IpAddress.of(last)).build()),
        null,
        "");
  }

  private static Slots slots(int count) {
    return new Slots(
        NamedSet.SERVICE_ENDPOINTS,
        destination(80),
        Stream.iterate(1, i -> i + 1)
            .limit(count)
            .map(i -> new Backend(IpAddress.of("10.1.0." + i), 8080))
            .toList());
  }

  private static Operation put(Element element) {
    return new PutElement(null, element);
  }

  private static Operation remove(Element element) {
    return new RemoveElement(null, element);
  }

  private static Operation rules(String chain, Statement... statements) {
    return new AddRules(chain, List.of(Rule.of(statements)));
  }

  private List<Element> elements(NamedSet set) throws Exception {
    return Objects.requireNonNull(sorted(port.observe()).sets().get(set)).elements();
  }

  @Test
  void withoutTableThereIsNothing() throws Exception {
    assertThat(port.observe()).isEqualTo(Observed.NOTHING);
  }

  @Test
  void whatIsInstalledIsObserved() throws Exception {
    Rule rule = Rule.of("a comment", LOOKUP);
    given(
        TABLE,
        CHAIN,
        new AddChain("base", HOOK),
        new AddSet(NamedSet.CLUSTER_IPS, 1024),
        MAP,
        RANGES,
        ENDPOINTS,
        put(ip(2)),
        put(ip(1)),
        put(leading(80, "a")),
        put(Element.of(NamedSet.SERVICE_IPS, destination(81), new ElementValue.Drop())),
        put(range("10.0.0.0", "10.0.0.255")),
        new PutSlot(null, slots(2), 0),
        new PutSlot(null, slots(2), 1),
        new AddRules("base", List.of(rule, Rule.of(new Statement.Goto("a")))));
    Observed observed = sorted(port.observe());
    assertThat(observed.exists()).isTrue();
    assertThat(observed.foreignSets()).isEmpty();
    assertThat(observed.chains().get("base"))
        .isEqualTo(
            new Observed.ObservedChain(
                HOOK,
                Fingerprint.of(IpFamily.IPV4, List.of(rule, Rule.of(new Statement.Goto("a"))))));
    assertThat(observed.chains().get("a")).isEqualTo(new Observed.ObservedChain(null, List.of()));
    assertThat(observed.sets().get(NamedSet.CLUSTER_IPS))
        .isEqualTo(new Observed.ObservedSet(1024, List.of(ip(1), ip(2))));
    assertThat(Objects.requireNonNull(observed.sets().get(NamedSet.SERVICE_IPS)).elements())
        .containsExactly(
            leading(80, "a"),
            Element.of(NamedSet.SERVICE_IPS, destination(81), new ElementValue.Drop()));
    assertThat(elements(NamedSet.FIREWALL_SOURCES))
        .containsExactly(range("10.0.0.0", "10.0.0.255"));
    assertThat(elements(NamedSet.SERVICE_ENDPOINTS))
        .containsExactly(
            ProgramText.slotElement(IpFamily.IPV4, slots(2), 0),
            ProgramText.slotElement(IpFamily.IPV4, slots(2), 1));
  }

  @Test
  void missingTables() throws Exception {
    refused("ENOENT", new DeleteTable());
    refused("ENOENT", CHAIN);
    refused("ENOENT", IPS);
    refused("ENOENT", put(ip(1)));
    refused("ENOENT", new FlushChain("a"));
  }

  @Test
  void aTableMayBeAddedAgainAndReplaced() throws Exception {
    given(TABLE, IPS, CHAIN, put(ip(1)));
    given(TABLE, CHAIN);
    assertThat(elements(NamedSet.CLUSTER_IPS)).hasSize(1);
    given(new DeleteTable(), TABLE, IPS, put(ip(2)));
    assertThat(elements(NamedSet.CLUSTER_IPS)).containsExactly(ip(2));
  }

  @Test
  void setsAreAddedOnce() throws Exception {
    given(TABLE, IPS);
    refused("EEXIST", IPS);
    refused("ENOENT", new DeleteSet(NamedSet.SERVICE_IPS));
  }

  @Test
  void elementsAreAddedOnceAndRemovedOnce() throws Exception {
    given(TABLE, IPS, put(ip(1)));
    refused("EEXIST", put(ip(1)));
    refused("EEXIST", put(ip(2)), put(ip(1)));
    refused("ENOENT", remove(ip(2)));
    given(remove(ip(1)));
    refused("ENOENT", remove(ip(1)));
  }

  @Test
  void anElementMayBeReplacedWithinATransaction() throws Exception {
    given(TABLE, CHAIN, new AddChain("b", null), MAP, put(leading(80, "a")));
    given(remove(leading(80, "a")), put(leading(80, "b")));
    assertThat(elements(NamedSet.SERVICE_IPS)).containsExactly(leading(80, "b"));
    refused("EEXIST", put(leading(80, "a")));
  }

  @Test
  void slots() throws Exception {
    given(TABLE, ENDPOINTS, new PutSlot(null, slots(1), 0));
    refused("EEXIST", new PutSlot(null, slots(1), 0));
    refused("ENOENT", new RemoveSlot(null, slots(2), 1));
    given(new RemoveSlot(null, slots(1), 0), new PutSlot(null, slots(2), 0));
    assertThat(elements(NamedSet.SERVICE_ENDPOINTS)).hasSize(1);
  }

  @Test
  void theRefusedElementIsNamedAmongMany() throws Exception {
    given(TABLE, IPS, put(ip(7)));
    Operation[] many = new Operation[10];
    for (int i = 0; i < many.length; i++) {
      many[i] = put(ip(i));
    }
    assertThat(commit(many))
        .isInstanceOfSatisfying(
            CommitResult.Refused.class,
            refusal -> {
              assertThat(refusal.errors()).hasSize(1);
              assertThat(refusal.errors().getFirst().operation()).isEqualTo(many[7]);
            });
  }

  @Test
  void everyMessageThatIsRefusedIsNamed() {
    given(TABLE, IPS, MAP, CHAIN, put(ip(1)), put(leading(80, "a")));
    assertThat(commit(put(ip(1)), put(leading(80, "a")), new DeleteChain("absent")))
        .isInstanceOfSatisfying(
            CommitResult.Refused.class,
            refusal ->
                assertThat(refusal.errors())
                    .extracting(RefusedOperation::error)
                    .containsExactly("EEXIST", "EEXIST", "ENOENT"));
  }

  @Test
  void elementsLeadToChainsThatAreThere() throws Exception {
    given(TABLE, MAP, CHAIN);
    refused("ENOENT", put(leading(80, "b")));
    given(put(leading(80, "a")));
    refused("EBUSY", new DeleteChain("a"));
    given(remove(leading(80, "a")));
    given(new DeleteChain("a"));
    refused("ENOENT", new DeleteChain("a"));
  }

  @Test
  void rulesLeadToChainsAndSetsThatAreThere() throws Exception {
    given(TABLE, CHAIN, MAP);
    refused("ENOENT", rules("b", new Statement.Drop()));
    refused("ENOENT", rules("a", new Statement.Goto("b")));
    refused(
        "ENOENT",
        rules(
            "a",
            new Statement.InSet(
                List.of(Field.Packet.DESTINATION_ADDRESS), false, NamedSet.CLUSTER_IPS)));
    given(new AddChain("b", null), rules("a", new Statement.Jump("b")), rules("b", LOOKUP));
    refused("EBUSY", new DeleteChain("b"));
    refused("EBUSY", new DeleteSet(NamedSet.SERVICE_IPS));
    refused("ENOENT", new FlushChain("c"));
    // a chain goes with its own rules
    given(new FlushChain("a"), new DeleteChain("b"), new DeleteSet(NamedSet.SERVICE_IPS));
    assertThat(port.observe().chains()).containsOnlyKeys("a");
  }

  @Test
  void aSetIsMadeAnewAroundItsRules() throws Exception {
    given(TABLE, CHAIN, MAP, put(leading(80, "a")), new AddChain("b", HOOK), rules("b", LOOKUP));
    given(
        new FlushChain("b"),
        new DeleteSet(NamedSet.SERVICE_IPS),
        new AddSet(NamedSet.SERVICE_IPS, 2048),
        put(leading(81, "a")),
        rules("b", LOOKUP));
    assertThat(elements(NamedSet.SERVICE_IPS)).containsExactly(leading(81, "a"));
    assertThat(Objects.requireNonNull(port.observe().sets().get(NamedSet.SERVICE_IPS)).size())
        .isEqualTo(2048);
  }

  @Test
  void aFullSetRefusesMoreButElementsMayBeExchanged() throws Exception {
    given(TABLE, new AddSet(NamedSet.CLUSTER_IPS, 2), put(ip(1)), put(ip(2)));
    refused("ENFILE", put(ip(3)));
    given(remove(ip(1)), put(ip(3)));
    assertThat(elements(NamedSet.CLUSTER_IPS)).containsExactly(ip(2), ip(3));
    refused("ENFILE", put(ip(4)));
  }

  @Test
  void rangesDoNotOverlap() throws Exception {
    given(TABLE, RANGES, put(range("10.0.0.0", "10.0.0.127")));
    refused("EEXIST", put(range("10.0.0.0", "10.0.0.127")));
    refused("EEXIST", put(range("10.0.0.0", "10.0.0.255")));
    refused("EEXIST", put(range("10.0.0.64", "10.0.0.64")));
    refused("EEXIST", put(range("9.0.0.0", "10.0.0.0")));
    refused("ENOENT", remove(range("10.0.0.128", "10.0.0.255")));
    given(put(range("10.0.0.128", "10.0.0.255")));
    given(
        remove(range("10.0.0.0", "10.0.0.127")),
        remove(range("10.0.0.128", "10.0.0.255")),
        put(range("10.0.0.0", "10.0.0.255")));
    assertThat(elements(NamedSet.FIREWALL_SOURCES))
        .containsExactly(range("10.0.0.0", "10.0.0.255"));
  }

  /// What is removed is the range that the first key lies in, wherever that ends.
  @Test
  void rangesAreRemovedByTheirBeginning() throws Exception {
    given(
        TABLE,
        RANGES,
        put(range("10.0.0.0", "10.0.0.127")),
        put(range("10.0.0.128", "10.0.0.255")));
    given(remove(range("10.0.0.0", "10.0.0.255")));
    assertThat(elements(NamedSet.FIREWALL_SOURCES))
        .containsExactly(range("10.0.0.128", "10.0.0.255"));
    refused("ENOENT", remove(range("10.0.0.0", "10.0.0.255")));
    given(remove(range("10.0.0.130", "10.0.0.131")));
    assertThat(elements(NamedSet.FIREWALL_SOURCES)).isEmpty();
  }

  @Test
  void whatPacketsPutInIsReadApart() throws Exception {
    given(TABLE, new AddSet(NamedSet.AFFINITY, 16));
    Key key =
        Key.builder(16)
            .address(IpAddress.of("10.9.9.9"))
            .address(IpAddress.of("10.0.0.1"))
            .protocol(Protocol.TCP)
            .port(80)
            .build();
    Key endpoint = Key.builder(8).address(IpAddress.of("10.1.0.1")).port(8080).build();
    Element client = Element.of(NamedSet.AFFINITY, key, new ElementValue.Data(endpoint));
    given(put(client));
    assertThat(port.learned(NamedSet.AFFINITY)).containsExactly(client);
    assertThat(Objects.requireNonNull(port.observe().sets().get(NamedSet.AFFINITY)).elements())
        .isEmpty();
    port.forget(List.of(client, client));
    assertThat(port.learned(NamedSet.AFFINITY)).isEmpty();
    port.forget(List.of(client));
  }
}
