package kubeproxy.iptables.compile;

import kubeproxy.model.IpFamily;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Treatment;

/// All that compiles for one family. Used by one thread.
public record Compilers(
    IpFamily family, DispatchCompiler dispatch, ChainCompiler chains, NodeCompiler node) {

  /// With these options.
  public static Compilers of(CompileOptions options) {
    return new Compilers(
        options.family(),
        new DispatchCompiler(options),
        new ChainCompiler(),
        new NodeCompiler(options));
  }

  /// About how many chains of endpoints a Service has.
  public static int endpoints(PlannedService service) {
    int endpoints = 0;
    for (PlannedPort port : service.ports()) {
      int most = 0;
      for (Frontend frontend : port.frontends()) {
        most = Math.max(most, endpoints(frontend.treatment()));
      }
      endpoints += most;
    }
    return endpoints;
  }

  private static int endpoints(Treatment treatment) {
    return switch (treatment) {
      case Treatment.Reject(), Treatment.Drop() -> 0;
      case Treatment.Internal(var pool) -> pool.size();
      case Treatment.ExternalCluster(var pool) -> pool.size();
      case Treatment.ExternalLocal(var local, var cluster) ->
          Math.max(local.size(), cluster.size());
    };
  }
}
