package kubeproxy.app;

import java.util.List;
import java.util.function.Predicate;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.logging.Logger;

/// Removes what proxies left in the kernel, mode by mode.
final class Cleanup {

  /// What the process ends with if something may still be there; upstream's words.
  static final String FAILED = "encountered an error while tearing down rules";

  private final List<ModeCleanup> modes;
  private final Logger log;

  /// @param modes all that can be cleaned up, in the order in which to do it
  Cleanup(List<ModeCleanup> modes, Logger log) {
    this.modes = List.copyOf(modes);
    this.log = log;
  }

  /// Does what `--cleanup` asks for: removes everything of all modes.
  ///
  /// @return the exit code of the process: 1 if a step failed, which was logged
  int run() throws InterruptedException {
    if (tryAll(_ -> true)) {
      return 0;
    }
    log.error(null, "Error running ProxyServer", "err", FAILED);
    return 1;
  }

  /// Removes, before `starting` starts, what the modes leave that would get in its way; what cannot
  /// be removed is logged and that is all. Modes that write iptables rules take over each other's,
  /// so that traffic goes on meanwhile.
  ///
  /// @return whether nothing is left
  boolean removeLeftovers(ProxyMode starting) throws InterruptedException {
    return tryAll(mode -> isInTheWay(mode, starting));
  }

  private static boolean isInTheWay(String mode, ProxyMode starting) {
    return switch (starting) {
      case NFTABLES, IPVS -> !mode.equals(starting.label());
      case IPTABLES, USERSPACE -> !mode.equals(ProxyMode.IPTABLES.label());
    };
  }

  private boolean tryAll(Predicate<String> wanted) throws InterruptedException {
    boolean succeeded = true;
    for (ModeCleanup mode : modes) {
      if (wanted.test(mode.mode())) {
        succeeded &= tryOne(mode);
      }
    }
    return succeeded;
  }

  private boolean tryOne(ModeCleanup mode) throws InterruptedException {
    CleanupResult result = mode.cleanUp();
    for (CleanupResult.Failure failure : result.failures()) {
      log.error(
          null,
          "Cannot remove what a proxy left",
          "mode",
          mode.mode(),
          "what",
          failure.step(),
          "reason",
          failure.reason());
    }
    if (!result.removed().isEmpty()) {
      log.info("Removed what a proxy left", "mode", mode.mode(), "what", result.removed());
    }
    return result.succeeded();
  }
}
