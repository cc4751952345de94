package kubeproxy.nftables.diff;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import org.jspecify.annotations.Nullable;

/// What the table is to hold.
///
/// @param chains the chains that are always there
/// @param node the elements that belong to the node
/// @param shapeRules the rules of a shape chain; asked for every one installed, so it had better
///     remember them
/// @param fragments by Service, null for those that go. All Services, or just those that changed,
///     as the question is
public record Desired(
    IpFamily family,
    List<ChainRules> chains,
    Fragment node,
    Function<ShapeChain, List<Rule>> shapeRules,
    Map<ObjectKey, ? extends @Nullable Fragment> fragments) {}
