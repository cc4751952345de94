package kubeproxy.testing;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;

/// Builds an EndpointSlice; see [Objects#slice].
public final class SliceBuilder {
  private final ObjectKey service;
  private final ObjectKey key;
  private IpFamily family = IpFamily.IPV4;
  private boolean legacy;
  private long triggeredMillis;
  private final List<EndpointPort> ports = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  SliceBuilder(ObjectKey service, String name) {
    this.service = service;
    this.key = new ObjectKey(service.namespace(), name);
  }

  /// Makes its address type IPv6.
  public SliceBuilder ipv6() {
    family = IpFamily.IPV6;
    return this;
  }

  /// Makes it one that comes from a core/v1 Endpoints object.
  public SliceBuilder legacy() {
    legacy = true;
    return this;
  }

  /// Sets when that changed which it follows, in milliseconds since the epoch.
  public SliceBuilder triggered(long millis) {
    triggeredMillis = millis;
    return this;
  }

  /// Adds a TCP port.
  public SliceBuilder port(String name, int port) {
    return port(name, Protocol.TCP, port);
  }

  /// Adds a port.
  public SliceBuilder port(String name, Protocol protocol, int port) {
    ports.add(new EndpointPort(name, protocol, port));
    return this;
  }

  /// Adds endpoints that are ready and on no known node.
  public SliceBuilder endpoints(String... addresses) {
    for (String address : addresses) {
      endpoint(address, Objects.ready());
    }
    return this;
  }

  /// Adds an endpoint.
  public SliceBuilder endpoint(String address, EndpointTraits traits) {
    return endpoint(IpAddress.of(address), traits);
  }

  /// Adds an endpoint.
  public SliceBuilder endpoint(IpAddress address, EndpointTraits traits) {
    endpoints.add(traits.at(address));
    return this;
  }

  /// Adds a problem that a decoder found in a field.
  public SliceBuilder problem(String field) {
    problems.add(
        new Problem(
            Kind.ENDPOINT_SLICE.apiName(),
            key,
            field,
            "bad",
            Problem.Reason.INVALID_VALUE,
            "is bad"));
    return this;
  }

  /// The slice.
  public EndpointSlice build() {
    return new EndpointSlice(
        key, service, family, legacy, ports, endpoints, triggeredMillis, problems);
  }
}
