package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import kubeproxy.app.IpvsParts.IpvsFamily;
import kubeproxy.config.ModeOptions;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.iptables.apply.ToolChoice;
import kubeproxy.ipvs.apply.IpvsHost;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.ipvs.Timeouts;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;

/// Prepares the `ipvs` mode in the network namespace of the thread that calls: looks for the
/// scheduler, and sets the timeouts.
///
/// @param families to be carried out
/// @param tools of iptables, for each of them
record IpvsSetup(
    ProxyOptions options,
    List<IpFamily> families,
    Map<IpFamily, ToolChoice.Found> tools,
    Logger log) {

  IpvsSetup {
    families = List.copyOf(families);
    tools = Map.copyOf(tools);
  }

  /// Makes the opener of the mode.
  ///
  /// @throws StartupException if the kernel has no such scheduler
  ModeOpener opener() throws StartupException {
    ModeOptions.Ipvs wanted = options.modes().ipvs();
    try {
      Optional<String> obstacle = IpvsHost.schedulerObstacle(wanted.scheduler());
      if (obstacle.isPresent()) {
        throw new StartupException("--ipvs-scheduler: " + obstacle.get());
      }
      setTimeouts(wanted.timeouts());
    } catch (IOException e) {
      throw new StartupException("can't use the IPVS proxier: " + e.getMessage());
    }
    Map<IpFamily, IpvsFamily> parts = new EnumMap<>(IpFamily.class);
    for (IpFamily family : families) {
      parts.put(family, family(family, wanted.scheduler()));
    }
    Ownership ownership = new Ownership(wanted.excludeCidrs());
    Duration period = options.sync(ProxyMode.IPVS).period();
    return IpvsParts.opener(new IpvsParts.Settings(Programs.ofHost(), parts, ownership, period));
  }

  private IpvsFamily family(IpFamily family, String scheduler) {
    ToolChoice.Found found = Objects.requireNonNull(tools.get(family));
    log.info(
        "Using iptables", "ipFamily", family, "tools", found.tools(), "reason", found.reason());
    int bit = options.modes().masquerade(ProxyMode.IPVS).bit();
    return new IpvsFamily(found.tools(), new CompileOptions(family, scheduler, 1 << bit));
  }

  /// As upstream, all three at once if any is given, and a failure is only logged.
  private void setTimeouts(ModeOptions.IpvsTimeouts wanted) throws IOException {
    Timeouts timeouts =
        new Timeouts(seconds(wanted.tcp()), seconds(wanted.tcpFin()), seconds(wanted.udp()));
    if (timeouts.equals(new Timeouts(0, 0, 0))) {
      return;
    }
    Optional<IpvsTable> table = IpvsTable.open();
    if (table.isEmpty()) {
      return;
    }
    try (IpvsTable open = table.get()) {
      Optional<NetlinkError> refusal = open.setTimeouts(timeouts);
      refusal.ifPresent(error ->
          log.error(null, "Cannot set timeouts of IPVS", "timeouts", timeouts, "reason", error));
    }
  }

  private static int seconds(Duration timeout) {
    return (int) Math.min(Integer.MAX_VALUE, timeout.toSeconds());
  }
}
