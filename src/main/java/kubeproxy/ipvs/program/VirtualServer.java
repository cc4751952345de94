package kubeproxy.ipvs.program;

import java.util.List;
import kubeproxy.plan.Backend;

/// A virtual server and its real servers. All of them have the same weight and are reached by
/// masquerading, which is what translation of the destination is called here.
///
/// @param backends sorted, each once; if there are none, clients are refused
/// @param nodePort whether it is on an address of the node; where an address of a Service is one of
///     the node too, the Service has it
public record VirtualServer(
    ServerKey key, Scheduling scheduling, List<Backend> backends, boolean nodePort) {

  public VirtualServer {
    backends = List.copyOf(backends);
  }
}
