package kubeproxy.plan;

import kubeproxy.model.Service;

/// A Service as it would be carried out if it got all it claims.
///
/// @param source the object it was planned from
/// @param planned at least one port
record WantedService(Service source, PlannedService planned) {

  /// One of its ports as a claimant.
  ///
  /// @param portIndex position in `planned.ports()`
  Claimant claimant(FrontendKind kind, int portIndex) {
    long created = source.createdMillis();
    return new Claimant(
        kind,
        created == 0 ? Claimant.UNKNOWN_CREATION : created,
        planned.ports().get(portIndex).name(),
        portIndex);
  }
}
