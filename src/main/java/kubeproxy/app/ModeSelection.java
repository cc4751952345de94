package kubeproxy.app;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;

/// The mode to run in and the families that it can carry out here.
///
/// @param families IPv4 first; at least one
/// @param instead why it is not the one that was asked for; empty if it is
record ModeSelection(ProxyMode mode, List<IpFamily> families, Optional<String> instead) {

  /// The modes of this build.
  static final Set<ProxyMode> BUILT = Set.of(ProxyMode.NFTABLES);

  ModeSelection {
    families = List.copyOf(families);
  }

  /// Asks the host and decides. The choice and its reason are logged.
  ///
  /// @param families that this node can have
  /// @throws StartupException if there is no mode to run in
  static ModeSelection select(
      ProxyOptions options, List<IpFamily> families, ModeProbe probe, Logger log)
      throws StartupException, InterruptedException {
    Map<ProxyMode, ModeSupport> support = support(options.mode(), probe);
    return switch (ModeChoice.choose(options.mode(), support, BUILT)) {
      case ModeChoice.Refused(String reason) -> throw new StartupException(reason);
      case ModeChoice.Chosen(ProxyMode mode, boolean instead, String reason) -> {
        log.info(
            instead ? "Using another proxy mode than was asked for" : "Using proxy mode",
            "mode",
            mode.label(),
            "requested",
            options.mode().map(ProxyMode::label).orElse(""),
            "reason",
            reason.isEmpty() ? support.get(mode).reason() : reason);
        List<IpFamily> usable =
            families.stream().filter(support.get(mode).families()::contains).toList();
        for (IpFamily family : families) {
          if (!usable.contains(family)) {
            log.warn("No support for IP family", "ipFamily", family, "mode", mode.label());
          }
        }
        yield new ModeSelection(mode, usable, instead ? Optional.of(reason) : Optional.empty());
      }
    };
  }

  /// Asks until something is found that will be chosen.
  private static Map<ProxyMode, ModeSupport> support(Optional<ProxyMode> requested, ModeProbe probe)
      throws InterruptedException {
    Map<ProxyMode, ModeSupport> found = new EnumMap<>(ProxyMode.class);
    for (ProxyMode mode : requested.map(ModeChoice::candidates).orElse(ModeChoice.BEST_FIRST)) {
      if (BUILT.contains(mode)) {
        found.put(mode, probe.probe(mode));
        if (found.get(mode).usable()) {
          break;
        }
      }
    }
    return found;
  }

  /// Makes the parts of the mode.
  ModeOpener opener(ProxyOptions options) {
    return switch (mode) {
      case NFTABLES -> NftablesParts.opener(options.modes().masquerade(mode).bit());
      case IPTABLES, IPVS, USERSPACE ->
          throw new IllegalStateException("not in this build: " + mode);
    };
  }
}
