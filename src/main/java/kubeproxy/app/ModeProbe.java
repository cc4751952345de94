package kubeproxy.app;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ProxyMode;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.ToolChoice;
import kubeproxy.iptables.apply.ToolFinder;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.ipvs.apply.IpvsHost;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NftablesProbe;

/// Finds out which modes this host can carry out, in the network namespace of the thread that
/// calls. It leaves nothing behind, and looks once for what each mode needs.
final class ModeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Programs programs;
  private final Set<IpFamily> families;
  private final Map<IpFamily, ToolChoice.Found> tools = new EnumMap<>(IpFamily.class);
  private final Map<ProxyMode, ModeSupport> known = new EnumMap<>(ProxyMode.class);

  /// @param families that this node can have
  ModeProbe(Programs programs, List<IpFamily> families) {
    this.programs = programs;
    this.families = Set.copyOf(families);
  }

  /// Looks for what a mode needs.
  ///
  /// @throws InterruptedException if the thread was interrupted while a program ran
  ModeSupport probe(ProxyMode mode) throws InterruptedException {
    ModeSupport before = known.get(mode);
    if (before != null) {
      return before;
    }
    ModeSupport found = look(mode);
    known.put(mode, found);
    return found;
  }

  private ModeSupport look(ProxyMode mode) throws InterruptedException {
    return switch (mode) {
      case NFTABLES -> nftables();
      case IPTABLES -> iptables(this::obstacle);
      case IPVS -> ipvs();
      case USERSPACE -> new ModeSupport(families, "");
    };
  }

  /// The iptables tools of the families for which some were found usable.
  Map<IpFamily, ToolChoice.Found> tools() {
    return Map.copyOf(tools);
  }

  private ModeSupport nftables() {
    Set<IpFamily> usable = EnumSet.noneOf(IpFamily.class);
    Set<String> reasons = new LinkedHashSet<>();
    for (IpFamily family : EnumSet.copyOf(families)) {
      Optional<String> obstacle = NftablesProbe.obstacle(family);
      if (obstacle.isEmpty()) {
        usable.add(family);
      } else {
        reasons.add(obstacle.get());
      }
    }
    return new ModeSupport(usable, String.join("; ", reasons));
  }

  /// Looks for why tools that are there cannot be used, if so.
  private interface ToolCheck {
    Optional<String> obstacle(Tools tools) throws InterruptedException;
  }

  /// What is usable, with the tools of the variant that the node uses.
  private ModeSupport iptables(ToolCheck check) throws InterruptedException {
    Set<IpFamily> usable = EnumSet.noneOf(IpFamily.class);
    Set<String> reasons = new LinkedHashSet<>();
    for (IpFamily family : EnumSet.copyOf(families)) {
      switch (new ToolFinder(programs).find(family)) {
        case ToolChoice.Missing(String reason) ->
            reasons.add("no iptables for " + family + ": " + reason);
        case ToolChoice.Found found -> {
          Optional<String> obstacle = check.obstacle(found.tools());
          reasons.add(obstacle.orElse(found.tools().toString()));
          if (obstacle.isEmpty()) {
            usable.add(family);
            tools.put(family, found);
          }
        }
      }
    }
    return new ModeSupport(usable, String.join("; ", reasons));
  }

  private Optional<String> obstacle(Tools tools) throws InterruptedException {
    ProgramCall listing =
        ProgramCall.of(PATIENCE, tools.iptables(), "-w", "5", "-t", "nat", "-S", "POSTROUTING");
    return switch (programs.run(listing)) {
      case ProgramEnd.Exited end when end.succeeded() || HostIptables.isLocked(end) ->
          Optional.empty();
      case ProgramEnd.Exited end ->
          Optional.of(listing + " failed with " + end.code() + ": " + end.errors().strip());
      case ProgramEnd.NotStarted(String reason) ->
          Optional.of("cannot run " + tools.iptables() + ": " + reason);
      case ProgramEnd.TimedOut(Duration after) ->
          Optional.of(listing + " did not end within " + after.toSeconds() + " seconds");
    };
  }

  /// The mode also needs iptables, for what the virtual servers cannot do, and rules that look into
  /// ipsets.
  private ModeSupport ipvs() throws InterruptedException {
    Optional<String> missing = IpvsHost.obstacle(programs);
    return missing.isPresent()
        ? new ModeSupport(Set.of(), missing.get())
        : iptables(tools -> {
          Optional<String> obstacle = obstacle(tools);
          return obstacle.isPresent() ? obstacle : IpvsHost.rulesObstacle(programs, tools);
        });
  }
}
