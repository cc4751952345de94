package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kubeproxy.iptables.apply.ToolChoice.Found;
import kubeproxy.iptables.apply.ToolChoice.Missing;
import kubeproxy.kernel.exec.ProgramEnd.Exited;
import kubeproxy.kernel.exec.ProgramEnd.NotStarted;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which variant a node uses, by what the tools print.
class ToolFinderTest {
  private static final String NO_RULES = "*mangle\nCOMMIT\n";

  private final Map<String, String> answers = new HashMap<>();
  private final Set<IpFamily> noNfTables = EnumSet.noneOf(IpFamily.class);
  private final Programs programs =
      (call, _) -> {
        String output = answers.get(call.toString());
        return output == null
            ? new NotStarted("No such file or directory")
            : new Exited(0, output, "");
      };

  private void has(String infix, String version) {
    for (String base : new String[] {"iptables", "ip6tables"}) {
      answers.put(base + infix + " --version", base + " " + version + "\n");
      saves(base, infix, NO_RULES);
    }
  }

  private void saves(String base, String infix, String text) {
    answers.put(base + infix + "-save -t mangle", text);
    answers.put(base + infix + "-save", text);
  }

  private void hasBoth() {
    has("-nft", "v1.8.9 (nf_tables)");
    has("-legacy", "v1.8.9 (legacy)");
    has("", "v1.8.9 (nf_tables)");
  }

  private ToolFinder finder() {
    return new ToolFinder(programs, family -> !noNfTables.contains(family));
  }

  private Found found() throws InterruptedException {
    ToolChoice choice = finder().find(IpFamily.IPV4);
    assertThat(choice).isInstanceOf(Found.class);
    return (Found) choice;
  }

  @ParameterizedTest
  @CsvSource({"KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY"})
  void theKubeletsChainDecides(String chain) throws InterruptedException {
    hasBoth();
    saves("ip6tables", "-legacy", "*mangle\n:" + chain + " - [0:0]\nCOMMIT\n");
    saves("iptables", "-nft", "*filter\n-A INPUT -j ACCEPT\nCOMMIT\n");
    assertThat(found().tools())
        .isEqualTo(new Tools(IpFamily.IPV4, Variant.LEGACY, "-legacy", "1.8.9"));
    assertThat(found().reason()).contains(chain);
  }

  @Test
  void elseWhatAProxyLeftDecidesAndNothingIsCounted() throws InterruptedException {
    hasBoth();
    saves("iptables", "-legacy", "*mangle\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n");
    answers.remove("iptables-legacy-save");
    saves("iptables", "-nft", "*filter\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n");
    assertThat(found().tools().variant()).isEqualTo(Variant.LEGACY);
    assertThat(found().reason()).contains("KUBE-PROXY-CANARY");
  }

  @Test
  void elseTheVariantWithMoreRules() throws InterruptedException {
    hasBoth();
    assertThat(found().tools().variant()).isEqualTo(Variant.NF_TABLES);
    assertThat(found().reason()).isEqualTo("both variants have 0 rules");
    saves("iptables", "-legacy", "*filter\n-A INPUT -j ACCEPT\nCOMMIT\n");
    assertThat(found().tools().variant()).isEqualTo(Variant.LEGACY);
    assertThat(found().reason()).isEqualTo("it has 1 rules and the other variant 0");
  }

  @Test
  void theVariantThatTheKernelDoesNotHaveIsNotTaken() throws InterruptedException {
    hasBoth();
    noNfTables.add(IpFamily.IPV4);
    assertThat(found().tools().variant()).isEqualTo(Variant.LEGACY);
    assertThat(found().reason()).isEqualTo("no other variant can be used here");
    assertThat(finder().find(IpFamily.IPV6).toString()).contains("ip6tables-nft");
    answers.remove("iptables-legacy --version");
    assertThat(finder().find(IpFamily.IPV4))
        .isEqualTo(
            new Missing(
                "iptables-nft: the kernel has no nf_tables for IPv4; cannot run iptables-legacy:"
                    + " No such file or directory; iptables: the kernel has no nf_tables for"
                    + " IPv4"));
  }

  @Test
  void theOnlyVariantIsTaken() throws InterruptedException {
    has("", "v1.8.9 (legacy)");
    assertThat(found().tools().restore()).isEqualTo("iptables-restore");
    assertThat(found().tools().variant()).isEqualTo(Variant.LEGACY);
  }

  @Test
  void beforeThereWereVariantsItWasLegacy() throws InterruptedException {
    has("", "v1.6.2");
    assertThat(found().tools().toString()).isEqualTo("iptables v1.6.2 (legacy)");
  }

  @Test
  void whatIsMissingIsSaid() throws InterruptedException {
    assertThat(finder().find(IpFamily.IPV6))
        .isEqualTo(
            new Missing(
                "cannot run ip6tables-nft: No such file or directory; cannot run"
                    + " ip6tables-legacy: No such file or directory; cannot run ip6tables: No such"
                    + " file or directory"));
    has("", "v1.4.21");
    assertThat(finder().find(IpFamily.IPV6).toString()).contains("older than 1.6.2");
  }

  @Test
  void errorsLeadToLines() {
    assertThat(RestoreError.line("iptables-restore: line 12 failed")).isEqualTo(12);
    assertThat(
            RestoreError.line(
                "iptables-nft-restore v1.8.9 (nf_tables): \n"
                    + "line 3: RULE_APPEND failed (No such file or directory): rule in chain A"))
        .isEqualTo(3);
    String parse =
        "iptables-restore v1.8.9 (legacy): Couldn't load match `x':No such file or directory\n\n"
            + "Error occurred at line: 7\nTry `iptables-restore -h' for more information.";
    assertThat(RestoreError.line(parse)).isEqualTo(7);
    assertThat(RestoreError.oneLine(parse)).endsWith("directory Error occurred at line: 7");
    assertThat(RestoreError.line("no such luck")).isZero();
    assertThat(RestoreError.isLock(4, "Another app is currently holding the xtables lock"))
        .isTrue();
    assertThat(RestoreError.isLock(1, "xtables lock")).isFalse();
  }
}
