package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.OpenParts;
import kubeproxy.engine.FaultHandler;
import kubeproxy.iptables.apply.CanaryWatch;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.IptablesDataplane;
import kubeproxy.iptables.apply.RuleWatch;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// The `iptables` mode: the host's tools for each family, and watches of their rules, by the
/// kernel's notifications where it has them, by looking for the canary where not.
public final class IptablesParts implements ModeParts {
  private final Programs programs;
  private final Map<IpFamily, IptablesFamily> families;
  private final Duration period;
  private final Consumer<IpFamily> drift;
  private final FaultHandler faults;
  private final OpenParts open = new OpenParts();
  private final @Nullable RuleWatch ruleWatch;

  private IptablesParts(
      Programs programs,
      Map<IpFamily, IptablesFamily> families,
      Duration period,
      Consumer<IpFamily> drift,
      FaultHandler faults,
      @Nullable RuleWatch ruleWatch) {
    this.programs = programs;
    this.families = new EnumMap<>(families);
    this.period = period;
    this.drift = drift;
    this.faults = faults;
    this.ruleWatch = ruleWatch;
    if (ruleWatch != null) {
      open.add(ruleWatch);
    }
  }

  /// How one family is carried out.
  public record IptablesFamily(Tools tools, CompileOptions options) {}

  /// The opener of this mode.
  ///
  /// @param families every family that is to be carried out
  /// @param period between two looks at the canary: `--iptables-sync-period`
  public static ModeOpener opener(
      Programs programs, Map<IpFamily, IptablesFamily> families, Duration period) {
    return (drift, faults) -> {
      boolean notified =
          families.values().stream().anyMatch(family -> isNotified(family.tools().variant()));
      RuleWatch watch =
          notified ? RuleWatch.start(drift, e -> faults.fatal("rule-watch", e)) : null;
      return new IptablesParts(programs, families, period, drift, faults, watch);
    };
  }

  private static boolean isNotified(Variant variant) {
    return switch (variant) {
      case NF_TABLES -> true;
      case LEGACY -> false;
    };
  }

  @Override
  public Dataplane dataplane(IpFamily family) {
    IptablesFamily parts = families.get(family);
    if (parts == null) {
      throw new IllegalArgumentException("no tools for " + family);
    }
    HostIptables host = new HostIptables(programs, parts.tools());
    if (ruleWatch != null && isNotified(parts.tools().variant())) {
      host.watchedBy(ruleWatch);
    } else {
      open.add(
          CanaryWatch.start(
              host, family, period, drift, e -> faults.fatal("canary-watch-" + family, e)));
    }
    return new IptablesDataplane(host, parts.options(), parts.tools().variant().diffOptions());
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
