package kubeproxy.iptables.apply;

import java.io.IOException;
import java.util.OptionalLong;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpFamily;

/// Finds out what the mode needs of a host before it starts, in the network namespace
/// of the thread that calls.
public final class HostSetup {
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

  /// Looks at one family. To be called after the kernel's settings are written: those of connection
  /// tracking decide whether packets of no known connection are dropped, and `route_localnet`
  /// whether node ports can answer on loopback addresses.
  ///
  /// @param masqueradeBit number of the bit of the packet mark that asks for masquerading, 0 to 31
  /// @param localhostNodePorts whether node ports are to answer on loopback addresses, which they
  ///     do in IPv4 only, and only with `net.ipv4.conf.all.route_localnet` set
  /// @throws InterruptedException if the thread was interrupted while a program ran
  public Outcome prepare(IpFamily family, int masqueradeBit, boolean localhostNodePorts)
      throws InterruptedException {
    return switch (new ToolFinder(programs).find(family)) {
      case ToolChoice.Missing(String reason) ->
          new Outcome.Impossible("no iptables for " + family + ": " + reason);
      case ToolChoice.Found(Tools tools, String reason) -> {
        boolean localhost = localhostNodePorts && family == IpFamily.IPV4;
        // Without the setting the rules would lead packets into nothing.
        boolean routed = localhost && sysctl.read(Sysctl.ROUTE_LOCALNET).orElse(0) == 1;
        yield new Outcome.Ready(tools, reason, options(family, 1 << masqueradeBit, routed));
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
