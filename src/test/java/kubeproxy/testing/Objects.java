package kubeproxy.testing;

import java.util.List;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.ServiceCidr;

/// Objects of a cluster for tests, in the fewest words:
///
/// ```java
/// Service web = service("ns1/web").clusterIp("172.30.0.41").port("http", 80).build();
/// EndpointSlice pods =
///     slice("ns1/web")
///         .port("http", 8080)
///         .endpoints("10.180.0.1")
///         .endpoint("10.180.1.1", on("node2").terminating())
///         .build();
/// ```
///
/// What is not said is what the API server would fill in. Builders are not reusable after `build`.
public final class Objects {

  private Objects() {}

  /// `namespace/name`, or a name alone for objects outside namespaces.
  public static ObjectKey key(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ObjectKey("", text)
        : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /// A Service of type ClusterIP without addresses and ports.
  public static ServiceBuilder service(String key) {
    return new ServiceBuilder(key(key));
  }

  /// An IPv4 EndpointSlice of a Service, named after it: `name-slice`.
  public static SliceBuilder slice(String service) {
    return slice(service, key(service).name() + "-slice");
  }

  /// An IPv4 EndpointSlice of a Service with a name of its own, in the Service's namespace.
  public static SliceBuilder slice(String service, String name) {
    return new SliceBuilder(key(service), name);
  }

  /// The traits of an endpoint that is ready and on no known node.
  public static EndpointTraits ready() {
    return new EndpointTraits();
  }

  /// The traits of an endpoint that is ready on a node.
  public static EndpointTraits on(String node) {
    return new EndpointTraits().on(node);
  }

  /// A Node without addresses.
  public static NodeBuilder node(String name) {
    return new NodeBuilder(name);
  }

  /// A ServiceCIDR.
  public static ServiceCidr serviceCidr(String name, String... cidrs) {
    return new ServiceCidr(key(name), prefixes(cidrs), List.of());
  }

  /// CIDR blocks.
  public static List<IpPrefix> prefixes(String... cidrs) {
    return List.of(cidrs).stream().map(IpPrefix::of).toList();
  }
}
