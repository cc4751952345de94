package kubeproxy.testing;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.compile.ChainCompiler;
import kubeproxy.nftables.compile.FragmentCompiler;
import kubeproxy.nftables.diff.Desired;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// Plans compiled to what the table is to hold.
public final class Compiled {

  /// The bit of the packet mark that the tests use.
  public static final int MARK = 0x4000;

  private Compiled() {}

  /// Everything.
  public static Desired all(NodePlan plan) {
    return changes(plan, Set.copyOf(plan.services().sortedKeys()));
  }

  /// Just these Services.
  public static Desired changes(NodePlan plan, Collection<ObjectKey> services) {
    IpFamily family = plan.family();
    ChainCompiler chains = new ChainCompiler(family, MARK);
    FragmentCompiler compiler = new FragmentCompiler(family);
    Map<ObjectKey, @Nullable Fragment> fragments = new HashMap<>();
    for (ObjectKey key : services) {
      PlannedService service = plan.services().get(key);
      fragments.put(key, service == null ? null : compiler.compile(service));
    }
    return new Desired(
        family,
        chains.chains(plan.settings()),
        chains.node(plan.settings()),
        shape -> chains.rules(plan.settings(), shape),
        fragments);
  }
}
