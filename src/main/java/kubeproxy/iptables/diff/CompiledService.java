package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// All rules of one Service, for as long as they are looked at.
record CompiledService(List<PlacedRule> dispatch, List<ChainRules> chains, Totals totals) {
  static final CompiledService NONE = new CompiledService(List.of(), List.of(), Totals.NONE);

  static CompiledService of(
      Compilers compilers,
      @Nullable PlannedService service,
      @Nullable NodeSettings settings,
      boolean comments) {
    if (service == null || settings == null) {
      return NONE;
    }
    List<PlacedRule> dispatch = compilers.dispatch().compile(service);
    List<ChainRules> chains = new ArrayList<>();
    compilers.chains().compile(service, settings, comments, chains::add);
    return new CompiledService(
        dispatch, chains, Totals.of(dispatch, chains, Compilers.endpoints(service)));
  }

  Map<String, ChainRules> chainsByName() {
    Map<String, ChainRules> byName = new LinkedHashMap<>();
    chains.forEach(chain -> byName.put(chain.chain(), chain));
    return byName;
  }
}
