package kubeproxy.userspace.apply;

import kubeproxy.dataplane.Refusal;
import kubeproxy.model.Problem;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.PortChoice;
import kubeproxy.userspace.compile.Role;
import kubeproxy.userspace.program.Listener;
import kubeproxy.userspace.program.PoolName;

/// What is said about listeners that cannot be opened.
final class ListenProblems {

  private ListenProblems() {}

  /// What clients send to and is not listened on, or a port that cannot be served at all.
  static Problem of(ServicePortName port, Listener listener, ListenOutcome outcome, Role role) {
    String field = "spec.ports";
    String value = port.port().isEmpty() ? port.protocol().toString() : port.port();
    Problem.Reason conflict = Problem.Reason.ADDRESS_CONFLICT;
    if (listener instanceof Listener.Direct direct) {
      value = direct.toString();
      field =
          switch (direct.kind()) {
            case CLUSTER_IP -> "spec.clusterIP";
            case LOAD_BALANCER -> "status.loadBalancer.ingress";
            case EXTERNAL_IP -> "spec.externalIPs";
            case NODE_PORT -> "spec.ports.nodePort";
          };
      if (direct.kind() == FrontendKind.NODE_PORT) {
        conflict = Problem.Reason.NODE_PORT_CONFLICT;
      }
    }
    boolean taken = outcome instanceof ListenOutcome.Conflict;
    boolean byRules = role == Role.BEHIND_PORTALS && listener instanceof Listener.Direct;
    String message =
        (taken ? "another process listens there" : reason(outcome))
            + (byRules ? "; not served on loopback addresses for " : "; not served for ")
            + port;
    return new Problem(
        "Service",
        port.service(),
        field,
        value,
        taken ? conflict : Problem.Reason.UNSUPPORTED,
        message);
  }

  /// A listener that rules were to lead to.
  static Refusal refusal(PoolName pool, ListenOutcome outcome) {
    boolean taken =
        outcome instanceof ListenOutcome.Conflict
            || outcome instanceof ListenOutcome.RangeExhausted;
    return new Refusal(
        pool.port().service(), "listen for " + pool, taken ? "EADDRINUSE" : "EIO", reason(outcome));
  }

  private static String reason(ListenOutcome outcome) {
    return switch (outcome) {
      case ListenOutcome.Listening _ -> "";
      case ListenOutcome.Conflict(var address, int port) -> address.withPort(port) + " is taken";
      case ListenOutcome.RangeExhausted(PortChoice.FromRange range) ->
          "all ports from %d to %d (--proxy-port-range) are taken"
              .formatted(range.first(), range.first() + range.size() - 1);
      case ListenOutcome.Unsupported(var protocol, String why) ->
          "this kernel has no " + protocol + " (" + why + ")";
      case ListenOutcome.Failed(String why) -> why;
    };
  }
}
