package kubeproxy.iptables.apply;

import java.util.Map;
import kubeproxy.iptables.diff.RestoreInput;

/// Counts the rules that an input of `iptables-restore` writes, by table.
final class WrittenRules {
  private WrittenRules() {}

  /// Their numbers by type, as [IptablesDataplane#objectCounts]: `filter-rule`, `nat-rule`
  static Map<String, Integer> in(RestoreInput input) {
    byte[] text = input.bytes();
    int filter = 0;
    int nat = 0;
    boolean inNat = false;
    for (int at = 0; at < text.length; at = afterLine(text, at)) {
      if (text[at] == '*') {
        inNat = at + 1 < text.length && text[at + 1] == 'n';
      } else if (addsRule(text, at)) {
        nat += inNat ? 1 : 0;
        filter += inNat ? 0 : 1;
      }
    }
    return Map.of("filter-rule", filter, "nat-rule", nat);
  }

  private static boolean addsRule(byte[] text, int at) {
    return text[at] == '-' && at + 1 < text.length && (text[at + 1] == 'A' || text[at + 1] == 'I');
  }

  private static int afterLine(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at + 1;
  }
}
