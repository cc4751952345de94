package kubeproxy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ProxyMode;

/// The mode to run in, and why.
sealed interface ModeChoice {

  /// What a blank `--proxy-mode` tries, best first.
  List<ProxyMode> BEST_FIRST = List.of(ProxyMode.NFTABLES, ProxyMode.IPTABLES, ProxyMode.USERSPACE);

  /// A mode.
  ///
  /// @param instead whether it is another one than was asked for
  /// @param reason what was wrong with those that would have been better, for people; may be empty
  record Chosen(ProxyMode mode, boolean instead, String reason) implements ModeChoice {}

  /// None; the process cannot run.
  ///
  /// @param reason what to do about it
  record Refused(String reason) implements ModeChoice {}

  /// Decides.
  ///
  /// Without a wish it is the best that the host can carry out. As in kube-proxy 1.17, who asks for
  /// `iptables` gets `userspace` where the host has no iptables, and who asks for `ipvs` gets
  /// `iptables` or else `userspace`: connections that work in another way are better than none.
  /// Who asks for `nftables` gets that or nothing, as from every version that has it.
  ///
  /// @param requested `--proxy-mode`, empty if blank
  /// @param support what the host can carry out; modes that are not named cannot be
  static ModeChoice choose(Optional<ProxyMode> requested, Map<ProxyMode, ModeSupport> support) {
    List<String> obstacles = new ArrayList<>();
    for (ProxyMode mode : requested.map(ModeChoice::candidates).orElse(BEST_FIRST)) {
      ModeSupport found = support.getOrDefault(mode, new ModeSupport(Set.of(), "not looked for"));
      if (found.usable()) {
        boolean instead = requested.isPresent() && requested.get() != mode;
        return new Chosen(mode, instead, String.join("; ", obstacles));
      }
      obstacles.add(mode.label() + " cannot be used: " + found.reason());
    }
    return new Refused(String.join("; ", obstacles));
  }

  /// What to try for a wish, best first.
  static List<ProxyMode> candidates(ProxyMode requested) {
    return switch (requested) {
      case NFTABLES -> List.of(ProxyMode.NFTABLES);
      case IPTABLES -> List.of(ProxyMode.IPTABLES, ProxyMode.USERSPACE);
      case IPVS -> List.of(ProxyMode.IPVS, ProxyMode.IPTABLES, ProxyMode.USERSPACE);
      case USERSPACE -> List.of(ProxyMode.USERSPACE);
    };
  }
}
