package kubeproxy.iptables.apply;

import java.io.IOException;
import java.util.OptionalLong;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpFamily;

/// Finds out and sets up what the mode needs of a host before it starts, in the network namespace
/// of the thread that calls.
public final class HostSetup {
  private static final String ROUTE_LOCALNET = "net/ipv4/conf/all/route_localnet";
  private static final String TCP_BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  private final Programs programs;
  private final Sysctl sysctl;

  public HostSetup(Programs programs, Sysctl sysctl) {
    this.programs = programs;
    this.sysctl = sysctl;
  }

  /// How it went for one family.
  public sealed interface Outcome {

    /// The family can be carried out.
    ///
    /// @param tools to program it with
    /// @param reason why these, for the log
    record Ready(Tools tools, String reason, CompileOptions options) implements Outcome {}

    /// It cannot.
    ///
    /// @param reason for people
    record Impossible(String reason) implements Outcome {}
  }

  /// Sets up one family. To be called after the settings of connection tracking are written, which
  /// decide whether packets of no known connection are dropped.
  ///
  /// @param masqueradeBit number of the bit of the packet mark that asks for masquerading, 0 to 31
  /// @param localhostNodePorts whether node ports are to answer on loopback addresses, which has no
  ///     effect in IPv6
  /// @throws InterruptedException if the thread was interrupted while a program ran
  public Outcome prepare(IpFamily family, int masqueradeBit, boolean localhostNodePorts)
      throws InterruptedException {
    return switch (new ToolFinder(programs).find(family)) {
      case ToolChoice.Missing(String reason) ->
          new Outcome.Impossible("no iptables for " + family + ": " + reason);
      case ToolChoice.Found(Tools tools, String reason) -> {
        boolean localhost = localhostNodePorts && family == IpFamily.IPV4;
        if (localhost && sysctl.set(ROUTE_LOCALNET, 1) instanceof Setting.Failed failed) {
          yield new Outcome.Impossible("node ports on localhost: " + failed);
        }
        yield new Outcome.Ready(tools, reason, options(family, 1 << masqueradeBit, localhost));
      }
    };
  }

  private CompileOptions options(IpFamily family, int mark, boolean localhost) {
    OptionalLong liberal = sysctl.read(TCP_BE_LIBERAL);
    boolean dropInvalid = liberal.orElse(0) == 0;
    boolean countInvalid = false;
    boolean countLocalhost = false;
    try (PacketCounters counters = PacketCounters.open()) {
      countInvalid = counters.ensure(CompileOptions.INVALID_COUNTER);
      countLocalhost = localhost && counters.ensure(CompileOptions.LOCALHOST_COUNTER);
    } catch (IOException e) {
      // A kernel without such counters: rules go without them.
    }
    return new CompileOptions(
        family, mark, localhost, dropInvalid, true, countInvalid, countLocalhost);
  }
}
