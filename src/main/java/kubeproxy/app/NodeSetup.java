package kubeproxy.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.sysctl.ConntrackSettings;
import kubeproxy.kernel.sysctl.IpvsSettings;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.logging.Logger;

/// The part of a start that needs more than `CAP_NET_ADMIN`, and all that `--init-only` does: the
/// settings of the kernel. What is right already is not written, so that a proxy without privileges
/// can start after it.
final class NodeSetup {
  private final Sysctl sysctl;
  private final Logger log;

  NodeSetup(Sysctl sysctl, Logger log) {
    this.sysctl = sysctl;
    this.log = log;
  }

  /// Sets and logs all settings, in the network namespace of the calling thread; one that fails
  /// does not keep the others from being tried.
  ///
  /// @return what became of each
  List<Setting> apply(ConntrackSettings conntrack, ModeSetup mode) {
    List<Setting> outcomes = new ArrayList<>(sysctl.apply(conntrack));
    switch (mode) {
      case ModeSetup.Nothing() -> {}
      case ModeSetup.Iptables(boolean localhostNodePorts) -> {
        if (localhostNodePorts) {
          outcomes.add(sysctl.set(Sysctl.ROUTE_LOCALNET, 1));
        }
        warnOfBridges();
      }
      case ModeSetup.Ipvs(boolean strictArp) -> {
        outcomes.addAll(sysctl.apply(new IpvsSettings(strictArp)));
        warnOfBridges();
      }
    }
    outcomes.forEach(this::log);
    return List.copyOf(outcomes);
  }

  private void warnOfBridges() {
    if (sysctl.bridgesBypassIptables()) {
      log.warn(
          "Traffic between pods on one bridge bypasses iptables, and so do their Services; set"
              + " net/bridge/bridge-nf-call-iptables to 1");
    }
  }

  private void log(Setting setting) {
    switch (setting) {
      case Setting.Unchanged(Path path, long value) ->
          log.v(4).info("Setting is right", "path", path, "value", value);
      case Setting.Changed(Path path, long value, long previous) ->
          log.info("Setting changed", "path", path, "value", value, "previous", previous);
      case Setting.Failed(Path path, long value, boolean readOnly, String reason) ->
          log.warn(
              "Setting cannot be changed",
              "path",
              path,
              "wanted",
              value,
              "readOnlyFileSystem",
              readOnly,
              "reason",
              reason);
    }
  }
}
