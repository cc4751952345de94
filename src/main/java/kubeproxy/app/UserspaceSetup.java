package kubeproxy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ModeOptions;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.iptables.apply.ToolChoice;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.relay.PortChoice;

/// Finds out who can write the rules of the `userspace` mode, in the network namespace of the
/// thread that calls: iptables, as ever, or else nf_tables, or nobody. Then the relay listens where
/// clients send to, as far as it may.
///
/// @param families to be carried out
/// @param probe may know already, where other modes were looked for first
record UserspaceSetup(ProxyOptions options, List<IpFamily> families, ModeProbe probe, Logger log) {

  UserspaceSetup {
    families = List.copyOf(families);
  }

  /// Makes the opener of the `iptables` mode for some families.
  interface IptablesOpener {
    ModeOpener of(List<IpFamily> families, Map<IpFamily, ToolChoice.Found> tools)
        throws InterruptedException;
  }

  /// Makes the opener of the mode.
  ///
  /// @throws StartupException if rules would lead to where no packet of others arrives
  ModeOpener opener(IptablesOpener iptables) throws StartupException, InterruptedException {
    ModeSupport found = probe.probe(ProxyMode.IPTABLES);
    List<UserspaceParts.Rules> rules = new ArrayList<>();
    List<IpFamily> byIptables = families.stream().filter(found.families()::contains).toList();
    if (!byIptables.isEmpty()) {
      rules.add(
          new UserspaceParts.Rules(
              Set.copyOf(byIptables), ProxyMode.IPTABLES, iptables.of(byIptables, probe.tools())));
    }
    List<IpFamily> others = families.stream().filter(f -> !byIptables.contains(f)).toList();
    if (!others.isEmpty()) {
      rules.addAll(otherRules(others, found.reason(), probe.probe(ProxyMode.NFTABLES)));
    }
    ModeOptions.Userspace wanted = options.modes().userspace();
    PortChoice ports =
        wanted.ports().size() == 0
            ? new PortChoice.AnyFree()
            : new PortChoice.FromRange(wanted.ports().first(), wanted.ports().size());
    Optional<IpAddress> bindAddress =
        Optional.of(options.node().bindAddress()).filter(address -> !address.isUnspecified());
    if (bindAddress.isPresent() && bindAddress.get().isLoopback() && !rules.isEmpty()) {
      throw new StartupException(
          "cannot proxy on localhost: rules of the userspace mode lead to --bind-address="
              + bindAddress.get()
              + ", where packets of other hosts and of pods do not arrive; give another address of"
              + " this node, or 0.0.0.0");
    }
    return UserspaceParts.opener(
        new UserspaceParts.How(bindAddress, ports, wanted.udpIdleTimeout(), log), rules);
  }

  /// @param reason why these have no iptables
  private List<UserspaceParts.Rules> otherRules(
      List<IpFamily> others, String reason, ModeSupport nftables) {
    List<IpFamily> usable = others.stream().filter(nftables.families()::contains).toList();
    for (IpFamily family : others) {
      if (!usable.contains(family)) {
        log.warn(
            "No rules can be written; only what this process can listen on is served",
            "ipFamily",
            family,
            "iptables",
            reason,
            "nftables",
            nftables.reason());
      }
    }
    if (usable.isEmpty()) {
      return List.of();
    }
    log.info("Using nf_tables for lack of iptables", "ipFamilies", usable, "reason", reason);
    int bit = options.modes().masquerade(ProxyMode.USERSPACE).bit();
    return List.of(
        new UserspaceParts.Rules(
            Set.copyOf(usable), ProxyMode.NFTABLES, NftablesParts.opener(bit)));
  }
}
