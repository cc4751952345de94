package kubeproxy.iptables.apply;

import java.time.Duration;
import java.util.List;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.diff.RestoreWriter;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;

/// Finds out whether rules can name counters of packets. A kernel that has counters need not have
/// the match that counts by them: they are two options (`CONFIG_NETFILTER_NETLINK_ACCT` and
/// `CONFIG_NETFILTER_XT_MATCH_NFACCT`). With one rule that is refused, all of its table would be.
final class CounterProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private CounterProbe() {}

  /// Whether a rule can name a counter that is there: because one does that a proxy left, or
  /// because one can be put into the canary, which no packet passes, and taken out again.
  ///
  /// @return true also if it cannot be told now
  /// @throws InterruptedException if the thread was interrupted while one of the tools ran
  static boolean works(Programs programs, Tools tools, String counter) throws InterruptedException {
    ProgramCall list =
        ProgramCall.of(PATIENCE, tools.iptables(), "-w", "5", "-t", "filter", "-S", Chains.FORWARD);
    if (programs.run(list) instanceof ProgramEnd.Exited(int code, String output, _)
        && code == 0
        && output.contains(" --nfacct-name ")) {
      return true;
    }
    Rule counted = Rule.builder().match(new Match.Counted(counter)).then(new Target.Return());
    RestoreWriter writer = new RestoreWriter(tools.family(), 1);
    writer.replace(new ChainRules(Table.FILTER, Chains.CANARY, List.of(counted)));
    writer.declare(Table.FILTER, Chains.CANARY);
    RestoreEnd end = new HostIptables(programs, tools).restore(writer.finish());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return !(end instanceof RestoreEnd.Refused);
  }
}
