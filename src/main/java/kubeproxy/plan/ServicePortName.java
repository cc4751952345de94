package kubeproxy.plan;

import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;

/// What tells one port of a Service from every other.
///
/// @param port the port's name, empty for an unnamed one
public record ServicePortName(ObjectKey service, String port, Protocol protocol) {

  /// `namespace/name:port`, or `namespace/name` for an unnamed port.
  @Override
  public String toString() {
    return port.isEmpty() ? service.toString() : service + ":" + port;
  }
}
