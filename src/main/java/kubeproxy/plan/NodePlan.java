package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;

/// What this node does with packets to Services, in one family.
///
/// @param services every Service that this node carries in this family
/// @param problems by Service, what could not be carried out, sorted; Services without problems are
///     absent. The problems of an object itself stand in the plans of both families
public record NodePlan(
    IpFamily family,
    NodeSettings settings,
    PersistentMap<ObjectKey, PlannedService> services,
    PersistentMap<ObjectKey, List<Problem>> problems) {}
