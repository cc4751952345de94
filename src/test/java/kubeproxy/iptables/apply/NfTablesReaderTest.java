package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.ReadBack;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read from nf_tables is what `iptables-nft-save` prints of it.
@Tag("kernel")
class NfTablesReaderTest {
  private static final int MARK = 0x4000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Programs PROGRAMS = Programs.ofHost();

  @AfterEach
  void cleanUp() throws Exception {
    for (IpFamily family : IpFamily.values()) {
      for (Table table : Table.values()) {
        run("", tools(family).iptables(), "-w", "-t", table.text(), "-F");
        run("", tools(family).iptables(), "-w", "-t", table.text(), "-X");
      }
    }
  }

  private static Tools tools(IpFamily family) {
    return new Tools(family, Variant.NF_TABLES, "-nft", "1.8.9");
  }

  private static String run(String input, String... command) throws InterruptedException {
    ProgramEnd end =
        PROGRAMS.run(ProgramCall.of(PATIENCE, command), input.getBytes(StandardCharsets.UTF_8));
    assertThat(end).as(String.join(" ", command)).isInstanceOf(ProgramEnd.Exited.class);
    ProgramEnd.Exited exited = (ProgramEnd.Exited) end;
    assertThat(exited.succeeded()).as("%s: %s", List.of(command), exited).isTrue();
    return exited.output();
  }

  private static void restore(IpFamily family, String text) throws InterruptedException {
    run(text, tools(family).restore(), "-w", "5", "--noflush");
  }

  private static void expectSame(IpFamily family) throws Exception {
    ReadBack.expectSame(NfTablesReader.readHost(family), run("", tools(family).save()));
  }

  static Stream<Arguments> options() {
    return Stream.of(IpFamily.values())
        .flatMap(family -> {
          boolean localhost = family == IpFamily.IPV4;
          return Stream.of(
              Arguments.of(CompileOptions.of(family, MARK)),
              Arguments.of(
                  new CompileOptions(family, 1 << 31, localhost, true, false, true, localhost)));
        });
  }

  @ParameterizedTest
  @MethodSource("options")
  void everythingWeWriteReadsAsTheToolPrintsIt(CompileOptions options) throws Exception {
    IpFamily family = options.family();
    try (PacketCounters counters = PacketCounters.open()) {
      assertThat(counters.ensure(CompileOptions.INVALID_COUNTER)).isTrue();
      assertThat(counters.ensure(CompileOptions.LOCALHOST_COUNTER)).isTrue();
    }
    IptablesDataplane dataplane =
        new IptablesDataplane(
            new HostIptables(PROGRAMS, tools(family)), options, Variant.NF_TABLES.diffOptions());
    RandomPlan random = new RandomPlan(family, new Random(7), 40);
    for (int step = 0; step < 25; step++) {
      PlanDelta delta = step == 0 ? PlanDelta.NONE : random.step();
      NodePlan plan = UniformTreatments.of(random.plan());
      assertThat(dataplane.sync(new SyncRequest(plan, delta, step == 0, Set.of())))
          .isInstanceOf(Applied.class);
      expectSame(family);
    }
  }

  @Test
  void nothingIsRead() throws Exception {
    assertThat(NfTablesReader.readHost(IpFamily.IPV6).tables().chains(Table.NAT).keySet())
        .allMatch(chain -> !chain.startsWith("KUBE"));
  }

  /// Arguments and their order as upstream kube-proxy's.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m comment --comment \"ns/s:p cluster IP\" -m tcp -p tcp -d 172.30.0.1 --dport 80 -j X",
        "-m comment --comment ns/s:p -m udp -p udp -d 172.30.0.1 --dport 65535 -j X",
        "-m comment --comment \"it's \\\"quoted\\\"\" -m sctp -p sctp --dport 80 -j X",
        "! -s 10.0.0.0/9 -d 172.30.0.1/32 -p tcp -m tcp --dport 80 -j X",
        "-s 0.0.0.0/1 ! -d 10.1.2.0/23 -j X",
        "-i eth0 -j X",
        "! -i cali+ -j X",
        "-m mark ! --mark 0x00004000/0x00004000 -j RETURN",
        "-j MARK --xor-mark 0x00004000",
        "-j MARK --or-mark 0x80000000",
        "-m statistic --mode random --probability 0.3333333333 -j X",
        "-m statistic --mode random --probability 0.0001000000 -j X",
        "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP",
        "-m conntrack --ctstate NEW,UNTRACKED -j ACCEPT",
        "-m addrtype --dst-type LOCAL -j X",
        "-m recent --name KUBE-SEP-A --rcheck --seconds 10800 --reap -j X",
        "-m comment --comment ns/s:p -m recent --name KUBE-SEP-A --set -m tcp -p tcp -j ACCEPT",
        "-p tcp -m tcp --dport 80 -j REJECT --reject-with tcp-reset",
        "-p udp -m udp --dport 80 -j REJECT",
        "-m comment --comment \"other traffic\"",
        "-p tcp"
      })
  void rulesOfOthersThatSayTheSame(String rule) throws Exception {
    restore(
        IpFamily.IPV4,
        "*filter\n:KUBE-SERVICES - [0:0]\n:X - [0:0]\n-A KUBE-SERVICES " + rule + "\nCOMMIT\n");
    expectSame(IpFamily.IPV4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-p tcp -m tcp --sport 80 -j X",
        "-p tcp -m tcp --dport 80:90 -j X",
        "-p tcp -m tcp ! --dport 80 -j X",
        "-p sctp -m sctp --sport 5 --dport 80 -j X",
        "-p udp -m udp --sport 5 -j X",
        "! -p tcp -j X",
        "-p icmp -j X",
        "-o eth0 -j X",
        "-f -j X",
        "-s 10.0.0.1/255.0.255.0 -j X",
        "-g X",
        "-m mark --mark 0x4000 -j X",
        "-m mark --mark 0x4000/0x8000 -j X",
        "-j MARK --set-xmark 0x1/0x3",
        "-m statistic --mode nth --every 3 --packet 0 -j X",
        "-m statistic --mode random ! --probability 0.5 -j X",
        "-m statistic --mode random --probability 0.7 -j X",
        "-m conntrack --ctstate NEW --ctproto tcp -j X",
        "-m conntrack --ctstatus ASSURED -j X",
        "-m addrtype ! --dst-type LOCAL -j X",
        "-m addrtype --dst-type LOCAL --limit-iface-in -j X",
        "-m addrtype --dst-type BROADCAST -j X",
        "-m recent --name A --rcheck --seconds 3 -j X",
        "-m recent --name A --rcheck --reap --seconds 3 --rdest -j X",
        "-m recent --name A --rcheck --reap --seconds 3 --mask 255.0.0.0 -j X",
        "-m recent --name A --update --seconds 3 -j X",
        "-m limit --limit 3/s -j X",
        "-j REJECT --reject-with icmp-host-unreachable",
        "-j LOG"
      })
  void rulesThatSayAnythingElseAreNotTold(String rule) throws Exception {
    restore(
        IpFamily.IPV4,
        "*filter\n:KUBE-SERVICES - [0:0]\n:X - [0:0]\n-A KUBE-SERVICES "
            + rule
            + "\n-A FORWARD "
            + rule
            + "\nCOMMIT\n");
    NfTablesReader.Reading read = NfTablesReader.readHost(IpFamily.IPV4);
    assertThat(read.understood()).isFalse();
    assertThat(lines(read.tables(), "KUBE-SERVICES")).containsExactly("-A KUBE-SERVICES ?");
    assertThat(lines(read.tables(), "FORWARD")).containsExactly("-A FORWARD ?");
  }

  private static List<String> lines(SavedTables tables, String chain) {
    return Objects.requireNonNull(tables.chain(Table.FILTER, chain)).lines();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-p tcp -j DNAT --to-destination 10.0.0.1",
        "-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.2:80",
        "-p tcp -j DNAT --to-destination 10.0.0.1:80-90",
        "-p tcp -j DNAT --to-destination 10.0.0.1:80 --random",
        "-p tcp -j DNAT --to-destination 10.0.0.1:80 --persistent",
        "-p tcp -j MASQUERADE --to-ports 3-4",
        "-j MASQUERADE --random",
        "-j SNAT --to-source 10.0.0.1"
      })
  void translationsThatSayAnythingElseAreNotTold(String rule) throws Exception {
    String chain = rule.contains("DNAT") ? "PREROUTING" : "POSTROUTING";
    restore(IpFamily.IPV4, "*nat\n-A " + chain + " " + rule + "\nCOMMIT\n");
    SavedChain read =
        Objects.requireNonNull(
            NfTablesReader.readHost(IpFamily.IPV4).tables().chain(Table.NAT, chain));
    assertThat(read.lines()).containsExactly("-A " + chain + " ?");
  }

  @Test
  void whatNftWritesIsNotTold() throws Exception {
    restore(IpFamily.IPV4, "*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n");
    run(
        "",
        "nft",
        "add",
        "rule",
        "ip",
        "nat",
        "KUBE-SERVICES",
        "ip",
        "daddr",
        "10.0.0.1",
        "counter",
        "log");
    run("", "nft", "add", "rule", "ip", "nat", "KUBE-SERVICES", "ct", "state", "new", "accept");
    NfTablesReader.Reading read = NfTablesReader.readHost(IpFamily.IPV4);
    assertThat(read.understood()).isFalse();
    assertThat(new TreeMap<>(read.tables().chains(Table.NAT))).containsKey("KUBE-SERVICES");
    assertThat(Objects.requireNonNull(read.tables().chain(Table.NAT, "KUBE-SERVICES")).lines())
        .containsExactly("-A KUBE-SERVICES ?", "-A KUBE-SERVICES ?");
  }

  @ParameterizedTest
  @EnumSource
  void chainsOfOtherModesAreReadAndOthersAreNot(IpFamily family) throws Exception {
    restore(
        family,
        """
        *nat
        :OTHER - [0:0]
        :KUBE-LOAD-BALANCER - [0:0]
        -A OTHER -j RETURN
        -A KUBE-LOAD-BALANCER -j RETURN
        COMMIT
        """);
    SavedTables tables = NfTablesReader.readHost(family).tables();
    assertThat(tables.chain(Table.NAT, "OTHER")).isNull();
    assertThat(Objects.requireNonNull(tables.chain(Table.NAT, "KUBE-LOAD-BALANCER")).lines())
        .containsExactly("-A KUBE-LOAD-BALANCER -j RETURN");
  }
}
