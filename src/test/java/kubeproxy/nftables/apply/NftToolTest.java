package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.EveryShape;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The `nft` tool reads what we install, and installs the same from our text. Another one than the
/// system's is named by the system property or environment variable `NFT`.
@Tag("kernel")
class NftToolTest {
  private static final String NFT =
      System.getProperty("NFT", System.getenv().getOrDefault("NFT", "nft"));

  private static void install(NetworkNamespace namespace, NodePlan plan) throws IOException {
    try (NfnetlinkSession session = namespace.open(NetlinkNftables::openSession);
        NftablesDataplane dataplane =
            new NftablesDataplane(
                new NetlinkNftables(session, plan.family()), plan.family(), Compiled.MARK)) {
      assertThat(dataplane.sync(new SyncRequest(plan, PlanDelta.NONE, true, Set.of())))
          .isInstanceOf(SyncOutcome.Applied.class);
    }
  }

  private static NodePlan plan(IpFamily family) {
    return EveryShape.plan(family, EveryShape.sources(family).get(1));
  }

  @Test
  void listsEverythingWithoutComplaint() throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      install(namespace, plan(IpFamily.IPV4));
      install(namespace, plan(IpFamily.IPV6));
      // errors would be among what it prints
      String listed = namespace.exec(NFT, "list", "ruleset");
      assertThat(listed)
          .startsWith("table ip kube-proxy {")
          .contains("table ip6 kube-proxy {")
          .doesNotContain("netlink:", "Error", "unknown", "[invalid type]");
      assertThat(listed.lines().filter(line -> line.startsWith("\tmap "))).hasSize(24);
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsEveryWayToRecogniseLocalTraffic(IpFamily family) throws IOException {
    for (LocalSource source : EveryShape.sources(family)) {
      try (NetworkNamespace namespace = NetworkNamespace.create()) {
        install(namespace, EveryShape.plan(family, source));
        assertThat(namespace.exec(NFT, "list", "ruleset")).contains("kube-proxy");
      }
    }
  }

  /// IPv6 without the rules that remember clients: loading these aborts version 1.0.6 of the tool.
  @ParameterizedTest
  @EnumSource
  void installsTheSameFromOurText(IpFamily family) throws IOException {
    NodePlan plan = plan(family);
    String text = EveryShape.text(plan);
    if (family == IpFamily.IPV6) {
      text = text.lines().filter(NftToolTest::isLoadable).collect(Collectors.joining("\n")) + "\n";
    }
    try (NetworkNamespace ours = NetworkNamespace.create();
        NetworkNamespace theirs = NetworkNamespace.create()) {
      install(ours, plan);
      theirs.execWithInput(text, NFT, "-f", "-");
      List<String> expected = lines(theirs);
      List<String> actual = lines(ours);
      if (family == IpFamily.IPV6) {
        actual = actual.stream().map(NftToolTest::loadablePart).toList();
      }
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static boolean isLoadable(String line) {
    return !line.contains("update @");
  }

  private static String loadablePart(String block) {
    return block.lines().filter(NftToolTest::isLoadable).collect(Collectors.joining("\n"));
  }

  private static final Pattern TYPE = Pattern.compile("\\t\\t(type|typeof) .*");
  private static final Pattern ELEMENTS =
      Pattern.compile("elements = \\{(.*?) \\}", Pattern.DOTALL);

  /// What is listed, chain by chain and set by set, sorted. Without the sizes and types of sets,
  /// which we declare in other words than the tool (it then also writes numbers of slots in
  /// another base), and the table's comment.
  private static List<String> lines(NetworkNamespace namespace) {
    String listed =
        ELEMENTS
            .matcher(namespace.exec(NFT, "-n", "-y", "list", "ruleset"))
            .replaceAll(elements -> Matcher.quoteReplacement(sorted(elements.group(1))))
            .lines()
            .filter(line -> !line.startsWith("\t\tsize ") && !line.startsWith("\tcomment "))
            .filter(line -> !line.startsWith("table ") && !line.equals("}"))
            .filter(line -> line.contains(" hook ") || !TYPE.matcher(line).matches())
            .map(String::strip)
            .collect(Collectors.joining("\n"));
    return Stream.of(listed.split("\n\n")).map(String::strip).sorted().toList();
  }

  private static String sorted(String elements) {
    return Stream.of(elements.split(",\\s+"))
        .map(element -> SLOT.matcher(element.strip()).replaceAll(NftToolTest::decimal))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static final Pattern SLOT = Pattern.compile("0x([0-9a-f]{8})");

  private static String decimal(MatchResult hexadecimal) {
    return Integer.toString(Integer.parseInt(hexadecimal.group(1), 16));
  }
}
