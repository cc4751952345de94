package kubeproxy.testing.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.LoadBalancerIngress;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceCidr;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/// Records of the model as the API server writes them: decoding gives an equal record, as long as
/// it has no problems, was created at a whole second, and all its cluster IPs have families.
public final class ModelTree {
  private ModelTree() {}

  /// The object, with its kind.
  public static Map<String, @Nullable Object> of(ClusterObject object) {
    return switch (object) {
      case Service service -> service(service);
      case EndpointSlice slice -> slice(slice);
      case Node node -> node(node);
      case ServiceCidr cidr ->
          Tree.of(
              "kind",
              "ServiceCIDR",
              "apiVersion",
              "networking.k8s.io/v1",
              "metadata",
              metadata(cidr.key()),
              "spec",
              Map.of("cidrs", texts(cidr.cidrs())));
    };
  }

  /// A core/v1 Endpoints object with one subset, whose addresses are all ready.
  public static Map<String, @Nullable Object> endpoints(
      String namespace, String name, int port, String... addresses) {
    List<Object> list = new ArrayList<>();
    for (String address : addresses) {
      list.add(Map.of("ip", address));
    }
    Object ports = List.of(Tree.of("port", port, "protocol", "TCP"));
    return Tree.of(
        "kind",
        "Endpoints",
        "apiVersion",
        "v1",
        "metadata",
        metadata(new ObjectKey(namespace, name)),
        "subsets",
        List.of(Tree.of("addresses", list, "ports", ports)));
  }

  private static Map<String, @Nullable Object> metadata(ObjectKey key) {
    return Tree.of(
        "name", key.name(), "namespace", key.namespace().isEmpty() ? null : key.namespace());
  }

  private static Map<String, @Nullable Object> service(Service service) {
    Map<String, @Nullable Object> metadata = metadata(service.key());
    if (service.uid() != null) {
      metadata.put("uid", service.uid().toString());
    }
    if (service.createdMillis() > 0) {
      String created = Instant.ofEpochSecond(service.createdMillis() / 1000).toString();
      metadata.put("creationTimestamp", created);
    }
    if (service.foreignProxy()) {
      metadata.put("labels", Map.of("service.kubernetes.io/service-proxy-name", "other"));
    }
    IpAddress ip = service.clusterIp();
    boolean affinity = service.affinityTimeoutSeconds() > 0;
    Object timeout = Map.of("timeoutSeconds", service.affinityTimeoutSeconds());
    Map<String, @Nullable Object> spec =
        Tree.of(
            "clusterIP", service.headless() ? "None" : ip == null ? null : ip.toString(),
            "clusterIPs", texts(service.clusterIps()),
            "ipFamilies", service.ipFamilies().stream().map(f -> f.label()).toList(),
            "type", type(service.type()),
            "ports", service.ports().stream().map(ModelTree::port).toList(),
            "externalIPs", texts(service.externalIps()),
            "loadBalancerSourceRanges", texts(service.loadBalancerSourceRanges()),
            "internalTrafficPolicy", policy(service.internalTrafficPolicy()),
            "externalTrafficPolicy", policy(service.externalTrafficPolicy()),
            "sessionAffinity", affinity ? "ClientIP" : "None",
            "sessionAffinityConfig", affinity ? Map.of("clientIP", timeout) : null,
            "healthCheckNodePort", service.healthCheckNodePort());
    List<Object> ingress = new ArrayList<>();
    for (LoadBalancerIngress each : service.loadBalancerIngress()) {
      ingress.add(
          Tree.of("ip", each.address().toString(), "ipMode", each.proxied() ? "Proxy" : "VIP"));
    }
    return Tree.of(
        "kind",
        "Service",
        "apiVersion",
        "v1",
        "metadata",
        metadata,
        "spec",
        spec,
        "status",
        Map.of("loadBalancer", Tree.of("ingress", ingress)));
  }

  private static Map<String, @Nullable Object> port(ServicePort port) {
    return Tree.of(
        "name", port.name(),
        "protocol", port.protocol().name(),
        "port", port.port(),
        "nodePort", port.nodePort());
  }

  private static String type(ServiceType type) {
    return switch (type) {
      case CLUSTER_IP -> "ClusterIP";
      case NODE_PORT -> "NodePort";
      case LOAD_BALANCER -> "LoadBalancer";
      case EXTERNAL_NAME -> "ExternalName";
    };
  }

  private static String policy(TrafficPolicy policy) {
    String name = policy.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static Map<String, @Nullable Object> slice(EndpointSlice slice) {
    Map<String, @Nullable Object> metadata = metadata(slice.key());
    metadata.put("labels", Map.of("kubernetes.io/service-name", slice.service().name()));
    if (slice.triggeredMillis() != 0) {
      String time = Instant.ofEpochMilli(slice.triggeredMillis()).toString();
      metadata.put("annotations", Map.of("endpoints.kubernetes.io/last-change-trigger-time", time));
    }
    List<Object> ports = new ArrayList<>();
    for (EndpointPort port : slice.ports()) {
      ports.add(
          Tree.of("name", port.name(), "protocol", port.protocol().name(), "port", port.port()));
    }
    return Tree.of(
        "kind",
        "EndpointSlice",
        "apiVersion",
        "discovery.k8s.io/v1",
        "metadata",
        metadata,
        "addressType",
        slice.family().label(),
        "endpoints",
        slice.endpoints().stream().map(ModelTree::endpoint).toList(),
        "ports",
        ports);
  }

  private static Map<String, @Nullable Object> endpoint(Endpoint endpoint) {
    Map<String, @Nullable Object> conditions =
        Tree.of(
            "ready", endpoint.ready(),
            "serving", endpoint.serving(),
            "terminating", endpoint.terminating());
    boolean hinted = !endpoint.zoneHints().isEmpty() || !endpoint.nodeHints().isEmpty();
    return Tree.of(
        "addresses",
        List.of(endpoint.address().toString()),
        "conditions",
        conditions,
        "nodeName",
        endpoint.nodeName(),
        "hints",
        hinted
            ? Tree.of(
                "forZones", named(endpoint.zoneHints()),
                "forNodes", named(endpoint.nodeHints()))
            : null);
  }

  private static List<Object> named(List<String> names) {
    return new ArrayList<>(names.stream().map(name -> Map.of("name", name)).toList());
  }

  private static Map<String, @Nullable Object> node(Node node) {
    Map<String, @Nullable Object> metadata = metadata(node.key());
    if (node.zone() != null) {
      metadata.put("labels", Map.of("topology.kubernetes.io/zone", node.zone()));
    }
    if (node.deleting()) {
      metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    List<Object> addresses = new ArrayList<>();
    for (IpAddress address : node.addresses()) {
      addresses.add(Tree.of("type", "InternalIP", "address", address.toString()));
    }
    List<Object> taints = new ArrayList<>();
    for (String key : node.taintKeys()) {
      taints.add(Tree.of("key", key, "effect", "NoSchedule"));
    }
    return Tree.of(
        "kind",
        "Node",
        "apiVersion",
        "v1",
        "metadata",
        metadata,
        "spec",
        Tree.of("podCIDRs", texts(node.podCidrs()), "taints", taints),
        "status",
        Tree.of("addresses", addresses));
  }

  private static List<Object> texts(List<? extends Object> values) {
    return new ArrayList<>(values.stream().map(Object::toString).toList());
  }
}
