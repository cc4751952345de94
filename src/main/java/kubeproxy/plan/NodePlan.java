package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;

/// What this node does with packets to Services, in one family.
///
/// @param services every Service that this node carries in this family
/// @param problems by Service, what could not be carried out; Services without problems are absent
public record NodePlan(
    IpFamily family,
    NodeSettings settings,
    PersistentMap<ObjectKey, PlannedService> services,
    PersistentMap<ObjectKey, List<Problem>> problems) {}
