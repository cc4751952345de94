package kubeproxy.model;

import java.util.List;

/// A discovery.k8s.io EndpointSlice, or one address family of one subset of a core/v1 Endpoints
/// object in the same form.
///
/// @param service the Service it belongs to (label `kubernetes.io/service-name`)
/// @param family its `addressType`; `FQDN` slices are never kept
/// @param legacy whether it was made from a core/v1 Endpoints object; such slices count only while
///     the Service has no real ones, because clusters mirror each into the other
/// @param triggeredMillis when the Pod or Service changed that this version of the slice follows
///     (annotation `endpoints.kubernetes.io/last-change-trigger-time`), in milliseconds since the
///     epoch; 0 if nobody says. Nothing but a measurement depends on it.
/// @param problems what was wrong with the object as written
public record EndpointSlice(
    ObjectKey key,
    ObjectKey service,
    IpFamily family,
    boolean legacy,
    List<EndpointPort> ports,
    List<Endpoint> endpoints,
    long triggeredMillis,
    List<Problem> problems)
    implements ClusterObject {

  public EndpointSlice {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
    problems = List.copyOf(problems);
  }

  /// A slice of which nobody says what it follows.
  public EndpointSlice(
      ObjectKey key,
      ObjectKey service,
      IpFamily family,
      boolean legacy,
      List<EndpointPort> ports,
      List<Endpoint> endpoints,
      List<Problem> problems) {
    this(key, service, family, legacy, ports, endpoints, 0, problems);
  }

  @Override
  public Kind kind() {
    return Kind.ENDPOINT_SLICE;
  }
}
