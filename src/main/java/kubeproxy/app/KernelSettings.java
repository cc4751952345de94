package kubeproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import kubeproxy.config.ConntrackOptions;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.kernel.sysctl.ConntrackSettings;
import kubeproxy.kernel.sysctl.Processors;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.logging.Logger;

/// What the kernel is told apart from rules, as the options want it. What cannot be set stops
/// nothing.
final class KernelSettings {
  private static final Path OOM_SCORE_ADJ = Path.of("/proc/self/oom_score_adj");

  private final NodeSetup setup;
  private final Logger log;
  private final Consumer<Setting.Failed> failures;

  /// @param failures is told of every setting that is not what it was to be
  KernelSettings(Logger log, Consumer<Setting.Failed> failures) {
    this.setup = new NodeSetup(Sysctl.ofKernel(), log);
    this.log = log;
    this.failures = failures;
  }

  /// Sets everything that belongs to this mode.
  void apply(ProxyOptions options, ProxyMode mode) {
    tell(setup.apply(settings(options.conntrack()), setup(options, mode)));
  }

  /// Sets everything that belongs to this mode, and minds what cannot be set.
  ///
  /// @throws StartupException with every setting that is not what it was to be
  static void applyAll(ProxyOptions options, ProxyMode mode, Logger log) throws StartupException {
    var failed = new StringJoiner("; ");
    new KernelSettings(log, setting -> failed.add(setting.toString())).apply(options, mode);
    if (failed.length() > 0) {
      throw new StartupException(failed.toString());
    }
  }

  /// Sets `/proc/self/oom_score_adj`.
  void oomScore(int score) {
    try {
      Files.writeString(OOM_SCORE_ADJ, Integer.toString(score));
    } catch (IOException e) {
      log.v(2).info("Cannot set the OOM score", "err", e.toString());
    }
  }

  /// Sets up connection tracking anew.
  void conntrack(ConntrackOptions wanted) {
    tell(setup.apply(settings(wanted), new ModeSetup.Nothing()));
  }

  private void tell(List<Setting> outcomes) {
    for (Setting outcome : outcomes) {
      if (outcome instanceof Setting.Failed failed) {
        failures.accept(failed);
      }
    }
  }

  private static ModeSetup setup(ProxyOptions options, ProxyMode mode) {
    return switch (mode) {
      case IPTABLES -> new ModeSetup.Iptables(localhostNodePorts(options, mode));
      case IPVS -> new ModeSetup.Ipvs(options.modes().ipvs().strictArp());
      case USERSPACE -> new ModeSetup.Iptables(false);
      case NFTABLES -> new ModeSetup.Nothing();
    };
  }

  /// Whether node ports are to answer on 127.0.0.1, for which the kernel has to route more than it
  /// should (CVE-2020-8558): only where somebody can have meant it.
  static boolean localhostNodePorts(ProxyOptions options, ProxyMode mode) {
    return options.modes().iptables().localhostNodePorts()
        && options.traffic().coversLocalhost(mode);
  }

  private static ConntrackSettings settings(ConntrackOptions wanted) {
    return new ConntrackSettings(
        wanted.maximum(Processors.count(Processors.ONLINE)),
        wanted.timeouts().tcpEstablished(),
        wanted.timeouts().tcpCloseWait(),
        wanted.tcpBeLiberal(),
        wanted.timeouts().udp(),
        wanted.timeouts().udpStream());
  }
}
