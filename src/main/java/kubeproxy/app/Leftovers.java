package kubeproxy.app;

import java.util.List;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.ipvs.apply.IpvsCleanup;
import kubeproxy.ipvs.diff.IpvsFootprint;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.nftables.apply.NftablesCleanup;

/// What proxies of any mode, ours and upstream's, may have left on this node.
final class Leftovers {
  private static final Footprint ALL_RULES = Footprint.IPTABLES.and(IpvsFootprint.all());

  private Leftovers() {}

  /// All of it, as `--cleanup` removes it: rules first, since they refer to other things.
  static List<ModeCleanup> all(ProxyOptions options) {
    return list(ALL_RULES, options, options.actions().cleanupIpvs());
  }

  /// What is no part of a mode that is in use.
  static List<ModeCleanup> besides(ProxyMode used, ProxyOptions options) {
    return list(
        used == ProxyMode.IPVS ? ALL_RULES.butNotOf(IpvsFootprint.ours()) : ALL_RULES,
        options,
        true);
  }

  private static List<ModeCleanup> list(Footprint rules, ProxyOptions options, boolean servers) {
    Programs programs = Programs.ofHost();
    Ownership ownership = new Ownership(options.modes().ipvs().excludeCidrs());
    return List.of(
        new IptablesCleanup(programs, ProxyMode.USERSPACE.label(), Footprint.PORTALS),
        new IptablesCleanup(programs, rules),
        new NftablesCleanup(),
        new IpvsCleanup(programs, ownership, servers));
  }
}
