package kubeproxy.iptables.diff;

import java.util.Map;
import java.util.Set;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// An input and what is installed once it was carried out.
///
/// @param startsOver whether this is everything, rather than changes to what is installed
/// @param services the plans that are carried out then; null for those that go
/// @param leftovers chains of table nat that nothing leads to then
/// @param revived chains that were left over and are in use then, or removed
public record Proposal(
    RestoreInput input,
    boolean startsOver,
    Map<ObjectKey, ? extends @Nullable PlannedService> services,
    NodeSettings settings,
    Set<String> leftovers,
    Set<String> revived,
    Totals totals) {}
