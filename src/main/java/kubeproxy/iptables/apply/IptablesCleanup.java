package kubeproxy.iptables.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.CleanupResult.Failure;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.iptables.diff.Removal;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;

/// Removes our chains and the jumps into them, ours or upstream's, of both families and in both
/// variants, in the network namespace of the thread that calls. KUBE-FIREWALL and the jumps to it
/// stay, because the kubelet uses them too, and so does everything that is not of a proxy.
public final class IptablesCleanup implements ModeCleanup {
  /// Chains that somebody else leads to, at most; with more it is given up.
  private static final int MOST_REFUSALS = 32;

  private final String mode;
  private final Programs programs;
  private final Footprint footprint;

  /// Removes all that the mode leaves.
  public IptablesCleanup(Programs programs) {
    this(programs, Footprint.IPTABLES);
  }

  /// Removes some of it.
  public IptablesCleanup(Programs programs, Footprint footprint) {
    this(programs, "iptables", footprint);
  }

  /// @param mode whose it is
  /// @param footprint what to remove
  public IptablesCleanup(Programs programs, String mode, Footprint footprint) {
    this.mode = mode;
    this.programs = programs;
    this.footprint = footprint;
  }

  @Override
  public String mode() {
    return mode;
  }

  @Override
  public CleanupResult cleanUp() throws InterruptedException {
    List<String> removed = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      for (Tools tools : new ToolFinder(programs).all(family)) {
        HostIptables port = new HostIptables(programs, tools);
        List<String> chains = new ArrayList<>();
        remove(port, family, tools.variant().diffOptions(), footprint, chains)
            .ifPresent(failure ->
                failures.add(new Failure(tools + ": " + failure.step(), failure.reason())));
        if (!chains.isEmpty()) {
          removed.add(chains.size() + " chains of " + tools);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
    return new CleanupResult(removed, failures);
  }

  /// Removes what one pair of tools sees. First all rules go and then the chains, so that a chain
  /// that somebody else refers to is left but does nothing.
  ///
  /// @param removed is told the names of the chains
  public static Optional<Failure> remove(
      IptablesPort port,
      IpFamily family,
      DiffOptions options,
      Footprint footprint,
      List<String> removed) {
    Removal removal;
    try {
      removal = Removal.of(family, options, port.observe(), footprint);
    } catch (IOException e) {
      return Optional.of(new Failure("iptables rules", String.valueOf(e.getMessage())));
    }
    if (removal.isEmpty()) {
      return Optional.empty();
    }
    RestoreInput rules = removal.ofRules();
    Optional<Failure> failure = failure(rules, port.restore(rules));
    if (failure.isPresent()) {
      return failure;
    }
    for (int i = 0; i < MOST_REFUSALS && !removal.chainNames().isEmpty(); i++) {
      RestoreInput chains = removal.ofChains();
      RestoreEnd end = port.restore(chains);
      if (end instanceof RestoreEnd.Restored) {
        removed.addAll(removal.chainNames());
        return failure;
      }
      failure = failure(chains, end);
      String refused = end instanceof RestoreEnd.Refused(int line, _) ? chains.line(line) : "";
      if (!refused.startsWith("-X ")) {
        return failure;
      }
      removal = removal.withoutChain(refused.substring("-X ".length()));
    }
    return failure;
  }

  private static Optional<Failure> failure(RestoreInput input, RestoreEnd end) {
    return switch (end) {
      case RestoreEnd.Restored() -> Optional.empty();
      case RestoreEnd.Locked(String error) -> Optional.of(new Failure("iptables rules", error));
      case RestoreEnd.Unknown(String reason) -> Optional.of(new Failure("iptables rules", reason));
      case RestoreEnd.Refused(int line, String error) -> {
        String step = input.line(line);
        yield Optional.of(new Failure(step.isEmpty() ? "iptables rules" : step, error));
      }
    };
  }
}
