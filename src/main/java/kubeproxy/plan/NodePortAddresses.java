package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpAddress;

/// The addresses of this node on which node ports answer.
public sealed interface NodePortAddresses {

  /// Every local address except loopback.
  record AllLocal() implements NodePortAddresses {}

  /// Just these.
  ///
  /// @param addresses sorted, without loopback
  record Only(List<IpAddress> addresses) implements NodePortAddresses {
    public Only {
      addresses = List.copyOf(addresses);
    }
  }
}
