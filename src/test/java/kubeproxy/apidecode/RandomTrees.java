package kubeproxy.apidecode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// Objects as somebody might write them, good and bad, in all that the decoders look at.
final class RandomTrees {
  private static final List<String> ADDRESSES =
      List.of(
          "10.0.0.1", "10.0.0.02", "fd00::1", "::ffff:1.2.3.4", "", "None", "nonsense", "é\n\"");

  private final Random random;

  RandomTrees(Random random) {
    this.random = random;
  }

  Tree object(ApiResource resource) {
    Tree tree = new Tree();
    switch (resource) {
      case SERVICES -> {
        tree.with(1, "metadata", metadata());
        tree.with(2, "spec", serviceSpec());
        perhaps(tree, 3, "status", this::serviceStatus);
      }
      case ENDPOINT_SLICES_V1 -> slice(tree, false);
      case ENDPOINT_SLICES_V1BETA1 -> slice(tree, true);
      case ENDPOINTS -> {
        tree.with(1, "metadata", metadata());
        tree.with(2, "subsets", list(this::subset));
      }
      case NODES -> {
        tree.with(1, "metadata", metadata());
        perhaps(tree, 2, "spec", this::nodeSpec);
        perhaps(tree, 3, "status", this::nodeStatus);
      }
      case SERVICE_CIDRS_V1, SERVICE_CIDRS_V1BETA1, SERVICE_CIDRS_V1ALPHA1 -> {
        tree.with(1, "metadata", metadata());
        perhaps(tree, 2, "spec", () -> new Tree().with(1, "cidrs", list(this::prefix)));
      }
    }
    return tree;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private void perhaps(Tree tree, int number, String name, Supplier<?> value) {
    if (random.nextInt(4) != 0) {
      tree.with(number, name, value.get());
    }
  }

  private List<Object> list(Supplier<?> item) {
    List<Object> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(item.get());
    }
    return items;
  }

  private String address() {
    return pick(ADDRESSES);
  }

  private String prefix() {
    return pick(List.of("10.0.0.0/8", "fd00::/64", "10.0.0.0/33", " 1.2.3.4/0 ", "", "x"));
  }

  private String node() {
    return pick(List.of("node-a", "node-b", "näme", ""));
  }

  private String protocol() {
    return random.nextInt(40) == 0 ? "QUIC" : pick(List.of("TCP", "UDP", "SCTP", ""));
  }

  private int port() {
    return pick(List.of(0, 1, 80, 65_535, 65_536, -1, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private Tree metadata() {
    Tree tree = new Tree();
    tree.with(1, "name", random.nextInt(20) == 0 ? "" : "n" + random.nextInt(1000));
    perhaps(tree, 3, "namespace", () -> pick(List.of("", "shop", "kube-system")));
    perhaps(tree, 5, "uid", () -> pick(List.of("0-0", "8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d37")));
    perhaps(tree, 6, "resourceVersion", () -> String.valueOf(random.nextInt(1000)));
    perhaps(tree, 8, "creationTimestamp", () -> Instant.ofEpochSecond(random.nextInt()));
    if (random.nextBoolean()) {
      tree.with(9, "deletionTimestamp", Instant.ofEpochSecond(1_700_000_000));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app", "x");
    if (random.nextInt(8) != 0) {
      labels.put("kubernetes.io/service-name", pick(List.of("web", "dns", "")));
    }
    if (random.nextBoolean()) {
      labels.put("topology.kubernetes.io/zone", "zone-a");
      labels.put("service.kubernetes.io/service-proxy-name", "");
    }
    tree.with(11, "labels", labels);
    perhaps(tree, 12, "annotations", this::annotations);
    return tree;
  }

  private Map<String, String> annotations() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("note", "with \"quotes\"");
    if (random.nextBoolean()) {
      annotations.put(
          "endpoints.kubernetes.io/last-change-trigger-time",
          pick(List.of("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456789Z", "today", "")));
    }
    return annotations;
  }

  private Tree serviceSpec() {
    Tree tree = new Tree();
    perhaps(tree, 1, "ports", () -> list(this::servicePort));
    perhaps(tree, 3, "clusterIP", this::address);
    perhaps(tree, 18, "clusterIPs", () -> list(this::address));
    perhaps(tree, 4, "type", () -> choice("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"));
    perhaps(tree, 5, "externalIPs", () -> list(this::address));
    perhaps(tree, 7, "sessionAffinity", () -> choice("None", "ClientIP"));
    perhaps(tree, 9, "loadBalancerSourceRanges", () -> list(this::prefix));
    perhaps(tree, 11, "externalTrafficPolicy", () -> choice("Cluster", "Local"));
    perhaps(tree, 12, "healthCheckNodePort", this::port);
    perhaps(tree, 14, "sessionAffinityConfig", this::affinityConfig);
    perhaps(
        tree, 16, "topologyKeys", () -> list(() -> pick(List.of("kubernetes.io/hostname", "*"))));
    perhaps(tree, 19, "ipFamilies", () -> list(() -> pick(List.of("IPv4", "IPv6"))));
    perhaps(tree, 22, "internalTrafficPolicy", () -> choice("Cluster", "Local"));
    perhaps(tree, 23, "trafficDistribution", () -> "PreferSameZone");
    return tree;
  }

  private String choice(String... known) {
    return random.nextInt(60) == 0 ? "Unheard" : pick(List.of(known));
  }

  private Tree affinityConfig() {
    Tree seconds = new Tree();
    perhaps(seconds, 1, "timeoutSeconds", () -> pick(List.of(-1, 0, 1, 10_800, 86_401)));
    return new Tree().with(1, "clientIP", seconds);
  }

  private Tree servicePort() {
    Tree tree = new Tree();
    perhaps(tree, 1, "name", () -> pick(List.of("http", "")));
    perhaps(tree, 2, "protocol", this::protocol);
    perhaps(tree, 3, "port", this::port);
    perhaps(tree, 5, "nodePort", this::port);
    perhaps(tree, 6, "appProtocol", () -> "h2c");
    return tree;
  }

  private Tree serviceStatus() {
    return new Tree().with(1, "loadBalancer", new Tree().with(1, "ingress", list(this::ingress)));
  }

  private Tree ingress() {
    Tree tree = new Tree();
    perhaps(tree, 1, "ip", this::address);
    perhaps(tree, 2, "hostname", () -> "lb.example");
    perhaps(tree, 3, "ipMode", () -> choice("VIP", "Proxy"));
    return tree;
  }

  private void slice(Tree tree, boolean beta) {
    tree.with(1, "metadata", metadata());
    perhaps(tree, 2, "endpoints", () -> list(() -> endpoint(beta)));
    perhaps(tree, 3, "ports", () -> list(this::slicePort));
    tree.with(4, "addressType", choice("IPv4", "IPv4", "IPv6", "FQDN"));
  }

  private Tree endpoint(boolean beta) {
    Tree tree = new Tree();
    perhaps(tree, 1, "addresses", () -> list(this::address));
    perhaps(tree, 2, "conditions", this::conditions);
    perhaps(tree, 3, "hostname", () -> "pod-1");
    Map<String, String> topology = new LinkedHashMap<>();
    topology.put("kubernetes.io/hostname", "node-t");
    topology.put("topology.kubernetes.io/zone", "zone-t");
    perhaps(tree, 5, beta ? "topology" : "deprecatedTopology", () -> topology);
    perhaps(tree, 6, "nodeName", this::node);
    if (!beta) {
      perhaps(tree, 7, "zone", () -> "zone-a");
    }
    perhaps(tree, beta ? 7 : 8, "hints", this::hints);
    return tree;
  }

  private Tree conditions() {
    Tree tree = new Tree();
    perhaps(tree, 1, "ready", random::nextBoolean);
    perhaps(tree, 2, "serving", random::nextBoolean);
    perhaps(tree, 3, "terminating", random::nextBoolean);
    return tree;
  }

  private Tree hints() {
    Tree tree = new Tree();
    perhaps(tree, 1, "forZones", () -> list(() -> new Tree().with(1, "name", "zone-a")));
    perhaps(tree, 2, "forNodes", () -> list(() -> new Tree().with(1, "name", node())));
    return tree;
  }

  private Tree slicePort() {
    Tree tree = new Tree();
    perhaps(tree, 1, "name", () -> pick(List.of("http", "")));
    perhaps(tree, 2, "protocol", this::protocol);
    perhaps(tree, 3, "port", this::port);
    return tree;
  }

  private Tree subset() {
    Tree tree = new Tree();
    perhaps(tree, 1, "addresses", () -> list(this::endpointAddress));
    perhaps(tree, 2, "notReadyAddresses", () -> list(this::endpointAddress));
    perhaps(tree, 3, "ports", () -> list(this::endpointsPort));
    return tree;
  }

  private Tree endpointAddress() {
    Tree tree = new Tree();
    perhaps(tree, 1, "ip", this::address);
    perhaps(tree, 4, "nodeName", this::node);
    return tree;
  }

  private Tree endpointsPort() {
    Tree tree = new Tree();
    perhaps(tree, 1, "name", () -> pick(List.of("http", "")));
    perhaps(tree, 2, "port", this::port);
    perhaps(tree, 3, "protocol", this::protocol);
    return tree;
  }

  private Tree nodeSpec() {
    Tree tree = new Tree();
    perhaps(tree, 1, "podCIDR", this::prefix);
    perhaps(
        tree, 5, "taints", () -> list(() -> new Tree().with(1, "key", "k").with(3, "effect", "")));
    perhaps(tree, 7, "podCIDRs", () -> list(this::prefix));
    return tree;
  }

  private Tree nodeStatus() {
    return new Tree().with(5, "addresses", list(this::nodeAddress));
  }

  private Tree nodeAddress() {
    Tree tree = new Tree();
    perhaps(tree, 1, "type", () -> choice("InternalIP", "ExternalIP", "Hostname"));
    perhaps(tree, 2, "address", this::address);
    return tree;
  }
}
