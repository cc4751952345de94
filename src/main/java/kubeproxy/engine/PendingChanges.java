package kubeproxy.engine;

import java.util.Collection;
import kubeproxy.model.ObjectId;

/// How many objects changed that are not installed in the kernel as they are now.
///
/// @param services Services put or removed
/// @param endpointSlices EndpointSlices put or removed
public record PendingChanges(int services, int endpointSlices) {
  static final PendingChanges NONE = new PendingChanges(0, 0);

  static PendingChanges of(Collection<ObjectId> changed) {
    int services = 0;
    int slices = 0;
    for (ObjectId id : changed) {
      switch (id.kind()) {
        case SERVICE -> services++;
        case ENDPOINT_SLICE -> slices++;
        case NODE, SERVICE_CIDR -> {}
      }
    }
    return new PendingChanges(services, slices);
  }

  PendingChanges plus(PendingChanges more) {
    return new PendingChanges(services + more.services, endpointSlices + more.endpointSlices);
  }
}
