package kubeproxy.iptables.apply;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.Predicate;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpFamily;

/// Finds out what of a host decides over rules, in the network namespace of the thread that calls.
/// To be asked after the kernel's settings are written: those of connection tracking decide whether
/// packets of no known connection are dropped, and `route_localnet` whether node ports can answer
/// on loopback addresses.
public final class HostSetup {
  private static final String TCP_BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  private final Sysctl sysctl;
  private final Predicate<String> counters;
  private final CounterMatch match;

  /// Whether rules can name a counter that is there.
  @FunctionalInterface
  interface CounterMatch {
    boolean works(Tools tools, String counter) throws InterruptedException;
  }

  public HostSetup(Sysctl sysctl, Programs programs) {
    this(
        sysctl,
        HostSetup::ensureCounter,
        (tools, counter) -> CounterProbe.works(programs, tools, counter));
  }

  /// @param counters makes a counter of packets, unless it is there, and says whether it is then
  HostSetup(Sysctl sysctl, Predicate<String> counters, CounterMatch match) {
    this.sysctl = sysctl;
    this.counters = counters;
    this.match = match;
  }

  private static boolean ensureCounter(String name) {
    try (PacketCounters counters = PacketCounters.open()) {
      return counters.ensure(name);
    } catch (IOException e) {
      // A kernel without such counters: rules go without them.
      return false;
    }
  }

  /// What decides over the rules of one family.
  ///
  /// @param tools those that write the rules
  /// @param masqueradeBit number of the bit of the packet mark that asks for masquerading, 0 to 31
  /// @param localhostNodePorts whether node ports are to answer on loopback addresses, which they
  ///     do in IPv4 only, and only with `net.ipv4.conf.all.route_localnet` set
  /// @throws InterruptedException if the thread was interrupted while one of the tools ran
  public CompileOptions options(Tools tools, int masqueradeBit, boolean localhostNodePorts)
      throws InterruptedException {
    boolean wanted = localhostNodePorts && tools.family() == IpFamily.IPV4;
    // Without the setting the rules would lead packets into nothing.
    boolean localhost = wanted && sysctl.read(Sysctl.ROUTE_LOCALNET).orElse(0) == 1;
    OptionalLong liberal = sysctl.read(TCP_BE_LIBERAL);
    boolean invalid = counters.test(CompileOptions.INVALID_COUNTER);
    boolean counted = invalid && match.works(tools, CompileOptions.INVALID_COUNTER);
    return new CompileOptions(
        tools.family(),
        1 << masqueradeBit,
        localhost,
        liberal.orElse(0) == 0,
        true,
        counted,
        localhost && counted && counters.test(CompileOptions.LOCALHOST_COUNTER));
  }
}
