package kubeproxy.ipvs.diff;

import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.compile.NodeView;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// What is to be carried out.
///
/// @param view what the fragments were compiled for
/// @param fragments null for Services that go. All Services, or just those that changed, as the
///     question is; in the order in which they are to be told
/// @param yielding those of them that are set aside, and give way to others
public record Desired(
    NodeView view,
    Map<ObjectKey, ? extends @Nullable Fragment> fragments,
    Set<ObjectKey> yielding) {}
