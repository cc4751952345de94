package kubeproxy.kernel.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The oracle is the tool `ipset`: it lists what we write, and we read what it writes.
@Tag("ipvs")
class IpSetsTest {
  private static final Answer DONE = new Answer.Complete();
  private static final SetShape IP_PORT = SetShape.Hash.of(HashType.IP_PORT, IpFamily.IPV4);

  private NetworkNamespace namespace;
  private IpSets sets;

  @BeforeEach
  void open() {
    namespace = NetworkNamespace.create();
    sets = namespace.open(IpSets::open);
  }

  @AfterEach
  void close() throws Exception {
    sets.close();
    namespace.close();
  }

  private record Kind(String name, SetShape shape, SetEntry entry, String created, String added) {
    static Kind hash(HashType type, IpFamily family, SetEntry entry, String added) {
      String inet = family == IpFamily.IPV4 ? "inet" : "inet6";
      String name = type.name() + "-" + inet;
      String created = type.typeName() + " family " + inet + " hashsize 1024 maxelem 65536";
      return new Kind(name, SetShape.Hash.of(type, family), entry, created, added);
    }

    KernelSet asRead() {
      return new KernelSet(name, shape, 0, List.of(entry));
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          Kind.hash(
              HashType.IP,
              IpFamily.IPV4,
              new SetEntry.Address(IpAddress.of("10.96.0.1")),
              "10.96.0.1"),
          Kind.hash(
              HashType.IP,
              IpFamily.IPV6,
              new SetEntry.Address(IpAddress.of("fd00:96::1")),
              "fd00:96::1"),
          Kind.hash(
              HashType.NET,
              IpFamily.IPV4,
              new SetEntry.Net(IpPrefix.of("10.0.0.0/9")),
              "10.0.0.0/9"),
          Kind.hash(
              HashType.NET,
              IpFamily.IPV6,
              new SetEntry.Net(IpPrefix.of("fd00:1::/32")),
              "fd00:1::/32"),
          Kind.hash(
              HashType.IP_PORT,
              IpFamily.IPV4,
              new SetEntry.AddressPort(IpAddress.of("10.96.0.1"), Protocol.TCP, 80),
              "10.96.0.1,tcp:80"),
          Kind.hash(
              HashType.IP_PORT,
              IpFamily.IPV6,
              new SetEntry.AddressPort(IpAddress.of("fd00:96::1"), Protocol.UDP, 65535),
              "fd00:96::1,udp:65535"),
          Kind.hash(
              HashType.IP_PORT_IP,
              IpFamily.IPV4,
              new SetEntry.AddressPortAddress(
                  IpAddress.of("10.96.0.1"), Protocol.SCTP, 80, IpAddress.of("10.96.0.2")),
              "10.96.0.1,sctp:80,10.96.0.2"),
          Kind.hash(
              HashType.IP_PORT_IP,
              IpFamily.IPV6,
              new SetEntry.AddressPortAddress(
                  IpAddress.of("fd00:96::1"), Protocol.UDP, 53, IpAddress.of("fd00:96::2")),
              "fd00:96::1,udp:53,fd00:96::2"),
          Kind.hash(
              HashType.IP_PORT_NET,
              IpFamily.IPV4,
              new SetEntry.AddressPortNet(
                  IpAddress.of("10.96.0.1"), Protocol.TCP, 80, IpPrefix.of("192.168.0.0/16")),
              "10.96.0.1,tcp:80,192.168.0.0/16"),
          Kind.hash(
              HashType.IP_PORT_NET,
              IpFamily.IPV6,
              new SetEntry.AddressPortNet(
                  IpAddress.of("fd00:96::1"), Protocol.TCP, 80, IpPrefix.of("fd00:7::9/128")),
              "fd00:96::1,tcp:80,fd00:7::9"),
          new Kind(
              "PORTS",
              SetShape.PortBitmap.ALL,
              new SetEntry.Port(30080),
              "bitmap:port range 0-65535",
              "30080"),
          new Kind(
              "FEW-PORTS",
              new SetShape.PortBitmap(100, 200),
              new SetEntry.Port(200),
              "bitmap:port range 100-200",
              "200"));

  @Test
  void ipsetListsWhatWeWrite() throws Exception {
    List<String> expected = new ArrayList<>();
    for (Kind kind : KINDS) {
      applyAll(
          new SetChange.Create(kind.name, kind.shape), new SetChange.Add(kind.name, kind.entry));
      expected.add("create " + kind.name + " " + kind.created);
      expected.add("add " + kind.name + " " + kind.added);
      assertThat(kind.entry).hasToString(kind.added);
    }
    assertThat(saved()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void weReadWhatIpsetWrites() throws Exception {
    for (Kind kind : KINDS) {
      restore("create " + kind.name + " " + kind.created, "add " + kind.name + " " + kind.added);
      assertThat(sets.find(kind.name)).hasValue(kind.asRead());
    }
    assertThat(sets.list())
        .hasSameSizeAs(KINDS)
        .containsAll(KINDS.stream().map(Kind::asRead).toList());
    assertThat(sets.find("none")).isEmpty();
  }

  @Test
  void otherProtocolsThanThoseOfServicesAreReadAndDeleted() throws Exception {
    restore("create S hash:ip,port", "add S 10.0.0.1,icmp:8/0", "add S 10.0.0.1,udplite:9");
    List<SetEntry> entries = sets.find("S").orElseThrow().entries();
    assertThat(entries)
        .containsExactlyInAnyOrder(
            new SetEntry.AddressPort(IpAddress.of("10.0.0.1"), 1, 0x800),
            new SetEntry.AddressPort(IpAddress.of("10.0.0.1"), 136, 9));
    applyAll(new SetChange.Delete("S", entries.get(0)), new SetChange.Delete("S", entries.get(1)));
    assertThat(sets.find("S").orElseThrow().entries()).isEmpty();
  }

  @Test
  void setsOfOtherTypesOrOptionsAreRecognised() throws Exception {
    restore(
        "create A hash:ip,mark",
        "create B hash:ip,port timeout 600",
        "create C hash:ip,port comment counters",
        "create D hash:ip netmask 24",
        "create E hash:ip,port maxelem 7",
        "create F hash:ip,port hashsize 4096",
        "create G list:set");
    assertThat(sets.list())
        .extracting(set -> set.shape().toString())
        .containsExactly(
            "hash:ip,mark",
            "hash:ip,port timeout 600",
            "hash:ip,port flags 0x18",
            "hash:ip netmask 24",
            "hash:ip,port family inet maxelem 7",
            IP_PORT.toString(),
            "list:set");
    assertThat(sets.list()).extracting(KernelSet::shape).element(5).isEqualTo(IP_PORT);
  }

  @Test
  void referencesAreCounted() throws Exception {
    restore("create S hash:ip,port", "create L list:set", "add L S");
    assertThat(sets.find("S").orElseThrow().references()).isEqualTo(1);
    assertThat(errors(new SetChange.Destroy("S"))).containsExactly(SetError.BUSY);
    assertThat(errors(new SetChange.Rename("S", "T"))).containsExactly(SetError.REFERENCED);
  }

  @Test
  void whatIsSoAlreadyIsNoError() throws Exception {
    SetEntry entry = new SetEntry.AddressPort(IpAddress.of("10.0.0.1"), Protocol.TCP, 80);
    applyAll(
        new SetChange.Create("S", IP_PORT),
        new SetChange.Add("S", entry),
        new SetChange.Add("S", entry),
        new SetChange.Delete("S", entry),
        new SetChange.Delete("S", entry));
    assertThat(saved()).hasSize(1);
  }

  @Test
  void setsAreFlushedSwappedRenamedAndDestroyed() throws Exception {
    restore(
        "create A hash:ip,port",
        "create B hash:ip,port",
        "create C hash:ip,port",
        "add A 10.0.0.1,tcp:1",
        "add B 10.0.0.2,tcp:2",
        "add C 10.0.0.3,tcp:3");
    applyAll(
        new SetChange.Swap("A", "B"),
        new SetChange.Flush("C"),
        new SetChange.Rename("C", "D"),
        new SetChange.Destroy("B"));
    String created = " hash:ip,port family inet hashsize 1024 maxelem 65536";
    assertThat(saved())
        .containsExactlyInAnyOrder(
            "create A" + created, "create D" + created, "add A 10.0.0.2,tcp:2");
  }

  @Test
  void refusalsNameTheirErrorInOrder() throws Exception {
    SetEntry entry = new SetEntry.AddressPort(IpAddress.of("10.0.0.1"), Protocol.TCP, 80);
    SetEntry other = new SetEntry.AddressPort(IpAddress.of("10.0.0.2"), Protocol.TCP, 80);
    SetEntry ipv6 = new SetEntry.AddressPort(IpAddress.of("fd00::1"), Protocol.TCP, 80);
    SetEntry everything =
        new SetEntry.AddressPortNet(
            IpAddress.of("10.0.0.1"), Protocol.TCP, 80, IpPrefix.of("0.0.0.0/0"));
    List<Answer> answers =
        sets.apply(
            List.of(
                new SetChange.Create("S", new SetShape.Hash(HashType.IP_PORT, IpFamily.IPV4, 1)),
                new SetChange.Create("S", IP_PORT),
                new SetChange.Add("S", entry),
                new SetChange.Add("S", other),
                new SetChange.Add("S", ipv6),
                new SetChange.Add("none", entry),
                new SetChange.Create("T", SetShape.Hash.of(HashType.IP, IpFamily.IPV4)),
                new SetChange.Swap("S", "T"),
                new SetChange.Swap("S", "none"),
                new SetChange.Rename("S", "T"),
                new SetChange.Destroy("none"),
                new SetChange.Create("P", new SetShape.PortBitmap(1, 9)),
                new SetChange.Add("P", new SetEntry.Port(10)),
                new SetChange.Create("N", SetShape.Hash.of(HashType.IP_PORT_NET, IpFamily.IPV4)),
                new SetChange.Add("N", everything)));
    assertThat(answers.stream().map(IpSetsTest::error).toList())
        .containsExactly(
            "",
            "EEXIST",
            "",
            "FULL",
            "PROTOCOL",
            "ENOENT",
            "",
            "TYPE_MISMATCH",
            "NEW_NAME_EXISTS",
            "NEW_NAME_EXISTS",
            "ENOENT",
            "",
            "FULL",
            "",
            "INVALID_CIDR");
  }

  @Test
  void oneBadEntryAmongThousandsIsNamedAndTheOthersAreThere() throws Exception {
    List<SetChange> changes = new ArrayList<>();
    changes.add(new SetChange.Create("S", IP_PORT));
    for (int i = 1; i < 3000; i++) {
      changes.add(new SetChange.Add("S", entry(i)));
    }
    changes.set(1500, new SetChange.Add("none", entry(1500)));
    List<Answer> answers = sets.apply(changes);
    assertThat(answers).hasSize(3000);
    assertThat(error(answers.get(1500))).isEqualTo("ENOENT");
    assertThat(answers.stream().filter(DONE::equals).count()).isEqualTo(2999);
    List<SetEntry> entries = sets.find("S").orElseThrow().entries();
    assertThat(entries).hasSize(2998).doesNotContain(entry(1500));
    assertThat(saved()).hasSize(2999);
  }

  @Test
  void largeSetsAreReadWhole() throws Exception {
    List<SetChange> changes = new ArrayList<>();
    changes.add(new SetChange.Create("S", IP_PORT));
    changes.add(new SetChange.Create("P", SetShape.PortBitmap.ALL));
    List<SetEntry> expected = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      expected.add(entry(i));
      changes.add(new SetChange.Add("S", entry(i)));
      changes.add(new SetChange.Add("P", new SetEntry.Port(i)));
    }
    applyAll(changes.toArray(SetChange[]::new));
    List<SetEntry> read = sets.find("S").orElseThrow().entries();
    assertThat(read).hasSameSizeAs(expected);
    assertThat(Set.copyOf(read)).isEqualTo(Set.copyOf(expected));
    List<SetEntry> ports = sets.find("P").orElseThrow().entries();
    assertThat(ports).hasSize(40_000).contains(new SetEntry.Port(39_999));
  }

  @Test
  void theKernelTellsItsProtocol() throws Exception {
    IpSets.Protocols protocols = sets.protocols().orElseThrow();
    assertThat(protocols.oldest()).isLessThanOrEqualTo(Ipset.IPSET_PROTOCOL);
    assertThat(protocols.newest()).isGreaterThanOrEqualTo(Ipset.IPSET_PROTOCOL);
  }

  private static SetEntry entry(int i) {
    IpAddress address = IpAddress.of("10.96." + i / 250 + "." + i % 250);
    return new SetEntry.AddressPort(address, Protocol.TCP, 80);
  }

  private void applyAll(SetChange... changes) throws Exception {
    assertThat(sets.apply(List.of(changes)).stream().distinct()).containsExactly(DONE);
  }

  private List<SetError> errors(SetChange... changes) throws Exception {
    return sets.apply(List.of(changes)).stream()
        .map(answer -> SetError.of(((Answer.Refused) answer).error()).orElseThrow())
        .toList();
  }

  private static String error(Answer answer) {
    return switch (answer) {
      case Answer.Complete() -> "";
      case Answer.Refused(NetlinkError error) ->
          SetError.of(error).map(SetError::name).orElseGet(error::name);
      case Answer.Interrupted(), Answer.Missing(_) -> answer.toString();
    };
  }

  private void restore(String... lines) {
    namespace.execWithInput(String.join("\n", lines) + "\n", "ipset", "restore");
  }

  // Without what a newer kernel chooses by itself.
  private List<String> saved() {
    return namespace
        .exec("ipset", "save")
        .lines()
        .map(line -> line.replaceAll(" bucketsize \\d+| initval 0x[0-9a-f]+", ""))
        .toList();
  }
}
