package kubeproxy.nftables.program;

import static kubeproxy.nftables.program.FieldType.ADDRESS;
import static kubeproxy.nftables.program.FieldType.INDEX;
import static kubeproxy.nftables.program.FieldType.PORT;
import static kubeproxy.nftables.program.FieldType.PROTOCOL;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.model.IpFamily;

/// The sets and maps of our table; in the kernel both are sets. There are exactly these, however
/// many Services there are. Those that upstream kube-proxy has too carry its names.
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
public enum NamedSet {
  CLUSTER_IPS("cluster-ips", "active ClusterIPs", ValueKind.NONE, ADDRESS),
  NODEPORT_IPS("nodeport-ips", "IPs that accept NodePort traffic", ValueKind.NONE, ADDRESS),
  HAIRPIN_CONNECTIONS(
      "hairpin-connections",
      "endpoints of this node that may connect to themselves through a Service",
      ValueKind.NONE,
      ADDRESS,
      ADDRESS,
      PROTOCOL,
      PORT),
  FIREWALL_IPS(
      "firewall-ips",
      "destinations that are subject to loadBalancerSourceRanges",
      ValueKind.NONE,
      ADDRESS,
      PROTOCOL,
      PORT),
  FIREWALL_SOURCES(
      "firewall-sources",
      "who may connect to them",
      ValueKind.NONE,
      ADDRESS,
      PROTOCOL,
      PORT,
      ADDRESS),
  NO_ENDPOINT_SERVICES(
      "no-endpoint-services",
      "reject or drop packets to Services without usable endpoints",
      ValueKind.VERDICT,
      ADDRESS,
      PROTOCOL,
      PORT),
  NO_ENDPOINT_NODEPORTS(
      "no-endpoint-nodeports",
      "reject or drop packets to node ports without usable endpoints",
      ValueKind.VERDICT,
      PROTOCOL,
      PORT),
  SERVICE_IPS(
      "service-ips",
      "ClusterIP, ExternalIP and LoadBalancer IP traffic",
      ValueKind.VERDICT,
      ADDRESS,
      PROTOCOL,
      PORT),
  SERVICE_NODEPORTS("service-nodeports", "NodePort traffic", ValueKind.VERDICT, PROTOCOL, PORT),
  SERVICE_ENDPOINTS(
      "service-endpoints",
      "the endpoints behind an IP, numbered from 0",
      ValueKind.BACKEND,
      ADDRESS,
      PROTOCOL,
      PORT,
      INDEX),
  SERVICE_LOCAL_ENDPOINTS(
      "service-local-endpoints",
      "the endpoints of this node behind an external IP, numbered from 0",
      ValueKind.BACKEND,
      ADDRESS,
      PROTOCOL,
      PORT,
      INDEX),
  NODEPORT_ENDPOINTS(
      "nodeport-endpoints",
      "the endpoints behind a node port, numbered from 0",
      ValueKind.BACKEND,
      PROTOCOL,
      PORT,
      INDEX),
  NODEPORT_LOCAL_ENDPOINTS(
      "nodeport-local-endpoints",
      "the endpoints of this node behind a node port, numbered from 0",
      ValueKind.BACKEND,
      PROTOCOL,
      PORT,
      INDEX),
  AFFINITY_LEARNERS(
      "affinity-learners",
      "connections whose client is remembered, by original destination and endpoint",
      ValueKind.VERDICT,
      ADDRESS,
      PROTOCOL,
      PORT,
      ADDRESS,
      PORT),
  NODEPORT_AFFINITY_LEARNERS(
      "nodeport-affinity-learners",
      "the same for node ports",
      ValueKind.VERDICT,
      PROTOCOL,
      PORT,
      ADDRESS,
      PORT),
  AFFINITY(
      "affinity",
      "the endpoint of a client, by client and original destination",
      ValueKind.BACKEND,
      ADDRESS,
      ADDRESS,
      PROTOCOL,
      PORT),
  LOCAL_AFFINITY(
      "local-affinity",
      "the same among endpoints of this node only",
      ValueKind.BACKEND,
      ADDRESS,
      ADDRESS,
      PROTOCOL,
      PORT);

  /// What the elements map to.
  public enum ValueKind {
    /// Nothing: a set.
    NONE,
    /// A verdict.
    VERDICT,
    /// Address and port of an endpoint.
    BACKEND
  }

  /// Components of a value of kind [ValueKind#BACKEND].
  public static final List<FieldType> BACKEND_FIELDS = List.of(ADDRESS, PORT);

  private static final Map<String, NamedSet> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(s -> s.text, Function.identity()));

  private final String text;
  private final String comment;
  private final ValueKind valueKind;
  private final List<FieldType> key;

  NamedSet(String text, String comment, ValueKind valueKind, FieldType... key) {
    this.text = text;
    this.comment = comment;
    this.valueKind = valueKind;
    this.key = List.of(key);
  }

  /// The set of this name, if it is one of ours.
  public static Optional<NamedSet> named(String text) {
    return Optional.ofNullable(BY_NAME.get(text));
  }

  /// Its name in the kernel.
  public String text() {
    return text;
  }

  /// What it holds, for people who list it.
  public String comment() {
    return comment;
  }

  /// What its elements map to.
  public ValueKind valueKind() {
    return valueKind;
  }

  /// The components of its keys.
  public List<FieldType> key() {
    return key;
  }

  /// Whether packets, not we, put its elements in. We own the container, never its contents.
  public boolean isLearned() {
    return this == AFFINITY || this == LOCAL_AFFINITY;
  }

  /// Whether the last component of its keys is a range.
  public boolean hasRanges() {
    return this == FIREWALL_SOURCES;
  }

  /// Whether it holds numbered endpoints.
  public boolean hasSlots() {
    return valueKind == ValueKind.BACKEND && !isLearned();
  }

  /// Length of a key in bytes, padding included.
  public int keyBytes(IpFamily family) {
    return paddedBytes(key, family);
  }

  /// Length of a value in bytes, padding included; 0 for sets and verdict maps.
  public int valueBytes(IpFamily family) {
    return valueKind == ValueKind.BACKEND ? paddedBytes(BACKEND_FIELDS, family) : 0;
  }

  private static int paddedBytes(List<FieldType> fields, IpFamily family) {
    return fields.stream().mapToInt(field -> field.paddedBytes(family)).sum();
  }
}
