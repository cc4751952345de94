package kubeproxy.iptables.diff;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// What the tools last said was done, in one family: the plans that are carried out, from which
/// the rules can be made again at any time. Changes only by accepting a [Proposal] that was
/// carried out. Used by the sync thread only.
public final class Installed {
  private final Map<ObjectKey, PlannedService> services = new HashMap<>();
  private final Set<String> leftovers = new TreeSet<>();
  private @Nullable NodeSettings settings;
  private Totals totals = Totals.NONE;

  /// The plan of a Service that is carried out, or null.
  public @Nullable PlannedService service(ObjectKey key) {
    return services.get(key);
  }

  /// All plans that are carried out.
  public Map<ObjectKey, PlannedService> services() {
    return services;
  }

  /// The settings that are carried out; null before the first time.
  public @Nullable NodeSettings settings() {
    return settings;
  }

  /// How much there is.
  public Totals totals() {
    return totals;
  }

  /// Chains of table nat that nothing leads to and that could not be removed.
  public Set<String> leftovers() {
    return leftovers;
  }

  /// Takes over what was carried out.
  public void accept(Proposal proposal) {
    if (proposal.startsOver()) {
      services.clear();
      leftovers.clear();
    }
    proposal.services().forEach(this::put);
    leftovers.removeAll(proposal.revived());
    leftovers.addAll(proposal.leftovers());
    settings = proposal.settings();
    totals = proposal.totals();
  }

  private void put(ObjectKey key, @Nullable PlannedService service) {
    if (service == null) {
      services.remove(key);
    } else {
      services.put(key, service);
    }
  }
}
