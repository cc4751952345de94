package kubeproxy.nftables.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.nftables.program.Destination;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Program;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.ShapeChain.Pick;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.Golden;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The chains that all Services share, for every kind of setting, and those of each shape.
class ChainGoldenTest {
  private static final NodePortAddresses ALL = new NodePortAddresses.AllLocal();
  private static final LocalSource UNKNOWN = new LocalSource.Unknown();

  static Stream<Arguments> settings() {
    List<IpPrefix> none = List.of();
    LocalSource prefix = new LocalSource.FromPrefix(IpPrefix.of("10.0.0.0/8"));
    List<IpAddress> addresses = List.of(IpAddress.of("192.0.2.1"), IpAddress.of("192.0.2.2"));
    return Stream.of(
        Arguments.of("defaults", new NodeSettings(false, UNKNOWN, ALL, none)),
        Arguments.of("masquerade-all", new NodeSettings(true, prefix, ALL, none)),
        Arguments.of("local-prefix", new NodeSettings(false, prefix, ALL, none)),
        Arguments.of(
            "local-interface",
            new NodeSettings(false, new LocalSource.FromInterface("cni0"), ALL, none)),
        Arguments.of(
            "local-interface-prefix",
            new NodeSettings(false, new LocalSource.FromInterfacePrefix("veth"), ALL, none)),
        Arguments.of(
            "node-port-addresses",
            new NodeSettings(false, UNKNOWN, new NodePortAddresses.Only(addresses), none)),
        Arguments.of(
            "service-cidrs",
            new NodeSettings(
                false, UNKNOWN, ALL, Objects.prefixes("172.30.0.0/16", "172.31.0.0/24"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void settings(String name, NodeSettings settings) {
    Golden.check(
        "nftables/chains/" + name + ".nft", text(IpFamily.IPV4, settings, "external-local-4-2"));
  }

  @Test
  void ipv6() {
    LocalSource prefix = new LocalSource.FromPrefix(IpPrefix.of("fd00:10::/64"));
    List<IpPrefix> cidrs = Objects.prefixes("fd00:172::/112");
    Golden.check(
        "nftables/chains/ipv6.nft",
        text(IpFamily.IPV6, new NodeSettings(false, prefix, ALL, cidrs), "external-local-4-2"));
  }

  /// Without the sets, which are always the same, but with the elements of the node.
  private static String text(IpFamily family, NodeSettings settings, String external) {
    ChainCompiler compiler = new ChainCompiler(family, Compiled.MARK);
    ShapeChain shape = new ShapeChain.ExternalLocal(Destination.ADDRESS, 4, 2, false);
    assertThat(shape.chain()).isEqualTo(external);
    Fragment node = compiler.node(settings);
    Program program =
        new Program(
            family, compiler.chains(settings), node, PersistentMap.<ObjectKey, Fragment>empty());
    String elements =
        node.elements().stream()
            .map(element ->
                element.set().text() + ": " + ProgramText.element(family, element) + "\n")
            .collect(Collectors.joining());
    return elements
        + ProgramText.print(program, _ -> List.of())
            .lines()
            .dropWhile(line -> !line.startsWith("\tchain"))
            .map(line -> line.strip() + "\n")
            .collect(Collectors.joining())
        + rules(family, settings, shape);
  }

  private static String rules(IpFamily family, NodeSettings settings, ShapeChain shape) {
    return shape.chain()
        + ":\n"
        + new ChainCompiler(family, Compiled.MARK)
            .rules(settings, shape).stream()
                .map(rule -> "\t" + ProgramText.rule(family, rule) + "\n")
                .collect(Collectors.joining());
  }

  @Test
  void shapes() {
    NodeSettings settings = new NodeSettings(false, UNKNOWN, ALL, List.of());
    StringBuilder text = new StringBuilder();
    for (int capacity : List.of(1, 2, 4, 8, 1024)) {
      for (ShapeChain shape :
          List.of(
              new Pick(NamedSet.SERVICE_ENDPOINTS, capacity, false),
              new Pick(NamedSet.NODEPORT_ENDPOINTS, capacity, true),
              new Pick(NamedSet.SERVICE_LOCAL_ENDPOINTS, capacity, true))) {
        text.append(rules(IpFamily.IPV4, settings, shape));
      }
    }
    for (Destination destination : Destination.values()) {
      text.append(rules(IpFamily.IPV4, settings, new ShapeChain.External(destination, 4, true)));
      text.append(
          rules(IpFamily.IPV4, settings, new ShapeChain.ExternalLocal(destination, 4, 0, false)));
    }
    for (IpFamily family : IpFamily.values()) {
      text.append(rules(family, settings, new ShapeChain.Remember(60, false)));
      text.append(rules(family, settings, new ShapeChain.Remember(10_800, true)));
    }
    Golden.check("nftables/chains/shapes.txt", text.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "2, 2",
    "3, 4",
    "4, 4",
    "5, 8",
    "8, 8",
    "9, 16",
    "1000, 1024",
    "1024, 1024",
    "1025, 2048"
  })
  void capacities(int endpoints, int capacity) {
    assertThat(Pick.capacityFor(endpoints)).isEqualTo(capacity);
  }

  /// A draw among half of the slots always meets an endpoint: the smallest count of a capacity is
  /// more than half of it.
  @Test
  void halfOfTheSlotsAreAlwaysTaken() {
    for (int endpoints = 1; endpoints < 5000; endpoints++) {
      int capacity = Pick.capacityFor(endpoints);
      assertThat(endpoints).isLessThanOrEqualTo(capacity).isGreaterThan(capacity / 2);
    }
  }
}
