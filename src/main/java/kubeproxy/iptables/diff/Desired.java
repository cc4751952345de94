package kubeproxy.iptables.diff;

import java.util.Map;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// What is to be carried out.
///
/// @param services null for those that go. All Services, or just those that changed, as the
///     question is
public record Desired(
    NodeSettings settings, Map<ObjectKey, ? extends @Nullable PlannedService> services) {}
