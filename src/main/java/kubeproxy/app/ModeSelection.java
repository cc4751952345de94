package kubeproxy.app;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.app.IptablesParts.IptablesFamily;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.iptables.apply.HostSetup;
import kubeproxy.iptables.apply.ToolChoice;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;

/// The mode to run in and the families that it can carry out here.
///
/// @param families IPv4 first; at least one
/// @param instead why it is not the one that was asked for; empty if it is
/// @param probe knows what was found while looking for modes
record ModeSelection(
    ProxyMode mode, List<IpFamily> families, Optional<String> instead, ModeProbe probe) {

  ModeSelection {
    families = List.copyOf(families);
  }

  /// Asks the host and decides. The choice and its reason are logged.
  ///
  /// @param requested `--proxy-mode`, empty if blank
  /// @param families that this node can have
  /// @throws StartupException if there is no mode to run in
  static ModeSelection select(
      Optional<ProxyMode> requested, List<IpFamily> families, ModeProbe probe, Logger log)
      throws StartupException, InterruptedException {
    Map<ProxyMode, ModeSupport> support = support(requested, probe);
    return switch (ModeChoice.choose(requested, support)) {
      case ModeChoice.Refused(String reason) -> throw new StartupException(reason);
      case ModeChoice.Chosen(ProxyMode mode, boolean instead, String reason) -> {
        ModeSupport found = Objects.requireNonNull(support.get(mode));
        log.info(
            instead ? "Using another proxy mode than was asked for" : "Using proxy mode",
            "mode",
            mode.label(),
            "requested",
            requested.map(ProxyMode::label).orElse(""),
            "reason",
            why(requested, reason, found));
        List<IpFamily> usable = families.stream().filter(found.families()::contains).toList();
        for (IpFamily family : families) {
          if (!usable.contains(family)) {
            log.warn("No support for IP family", "ipFamily", family, "mode", mode.label());
          }
        }
        Optional<String> why = instead ? Optional.of(reason) : Optional.empty();
        yield new ModeSelection(mode, usable, why, probe);
      }
    };
  }

  /// Why this mode and no other, for people.
  private static String why(Optional<ProxyMode> requested, String obstacles, ModeSupport found) {
    String choice =
        requested.isPresent() ? "it was asked for" : "the best mode that this node can carry out";
    return Stream.of(obstacles.isEmpty() ? choice : obstacles, found.reason())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /// Asks until something is found that will be chosen.
  private static Map<ProxyMode, ModeSupport> support(Optional<ProxyMode> requested, ModeProbe probe)
      throws InterruptedException {
    Map<ProxyMode, ModeSupport> found = new EnumMap<>(ProxyMode.class);
    for (ProxyMode mode : requested.map(ModeChoice::candidates).orElse(ModeChoice.BEST_FIRST)) {
      ModeSupport support = probe.probe(mode);
      found.put(mode, support);
      if (support.usable()) {
        break;
      }
    }
    return found;
  }

  /// Makes the parts of the mode. To be called after the kernel's settings are written.
  ///
  /// @throws StartupException if the host lacks what the options ask for
  ModeOpener opener(ProxyOptions options, Logger log)
      throws StartupException, InterruptedException {
    return switch (mode) {
      case NFTABLES ->
          NftablesParts.opener(
              options.modes().masquerade(mode).bit(),
              options.modes().userspace().udpIdleTimeout(),
              log);
      case IPTABLES -> iptables(options, families, probe.tools(), log);
      case IPVS -> new IpvsSetup(options, families, probe.tools(), log).opener();
      case USERSPACE ->
          new UserspaceSetup(options, families, probe, log)
              .opener((usable, found) -> iptables(options, usable, found, log));
    };
  }

  private ModeOpener iptables(
      ProxyOptions options,
      List<IpFamily> families,
      Map<IpFamily, ToolChoice.Found> tools,
      Logger log) {
    HostSetup setup = new HostSetup(Sysctl.ofKernel());
    int bit = options.modes().masquerade(mode).bit();
    // In the userspace mode these are for the relay.
    boolean localhost =
        mode == ProxyMode.IPTABLES && KernelSettings.localhostNodePorts(options, mode);
    Map<IpFamily, IptablesFamily> parts = new EnumMap<>(IpFamily.class);
    for (IpFamily family : families) {
      ToolChoice.Found found = Objects.requireNonNull(tools.get(family));
      log.info(
          "Using iptables", "ipFamily", family, "tools", found.tools(), "reason", found.reason());
      parts.put(family, new IptablesFamily(found.tools(), setup.options(family, bit, localhost)));
    }
    return IptablesParts.opener(Programs.ofHost(), parts, options.sync(mode).period());
  }
}
