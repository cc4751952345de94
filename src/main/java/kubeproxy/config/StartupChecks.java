package kubeproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.config.v1alpha1.StatusServers;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;

/// Does a valid configuration fit this node and its cluster? Asked once the node's addresses are
/// known. Messages are upstream's.
public final class StartupChecks {
  /// What a line of the log about a warning begins with.
  public static final String HEADLINE = "Kube-proxy configuration may be incomplete or incorrect";

  private static final String FATAL = "kube-proxy configuration is incorrect: ";
  private static final String PRIMARY = "primary";

  private final KubeProxyConfiguration configuration;
  private final Node node;
  private final ProxyMode mode;
  private final List<IpPrefix> nodePorts;

  private StartupChecks(KubeProxyConfiguration configuration, ProxyMode mode, Node node) {
    this.configuration = configuration;
    this.mode = mode;
    this.node = node;
    this.nodePorts = nodePorts(configuration.nodePortAddresses(), mode, node);
  }

  /// What is known of the node.
  ///
  /// @param primary the family of its first address
  /// @param dualStack whether both families are proxied
  /// @param addresses its addresses, one or two
  /// @param podCidrs `spec.podCIDRs`, if pods are told by them; else empty
  public record Node(
      IpFamily primary, boolean dualStack, List<IpAddress> addresses, List<IpPrefix> podCidrs) {
    public Node {
      addresses = List.copyOf(addresses);
      podCidrs = List.copyOf(podCidrs);
    }
  }

  /// What was found.
  ///
  /// @param warnings to be logged after [#HEADLINE]
  /// @param fatal why the proxy must not start
  public record Findings(List<String> warnings, Optional<String> fatal) {
    public Findings {
      warnings = List.copyOf(warnings);
    }
  }

  /// Checks.
  ///
  /// @param configuration a valid one, after platform defaults
  /// @param mode the mode in use
  public static Findings check(KubeProxyConfiguration configuration, ProxyMode mode, Node node) {
    StartupChecks checks = new StartupChecks(configuration, mode, node);
    List<String> warnings = new ArrayList<>();
    checks.openNodePorts().ifPresent(warnings::add);
    warnings.addAll(checks.silentNodePorts());
    List<String> wrong = checks.wrongFamilies();
    if (checks.cannotWork()) {
      return new Findings(warnings, Optional.of(FATAL + joined(wrong)));
    }
    if (!wrong.isEmpty()) {
      warnings.add(joined(wrong));
    }
    return new Findings(warnings, Optional.empty());
  }

  private static String joined(List<String> problems) {
    return problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
  }

  private static List<IpPrefix> nodePorts(List<String> texts, ProxyMode mode, Node node) {
    boolean primary = texts.isEmpty() ? mode == ProxyMode.NFTABLES : texts.contains(PRIMARY);
    return primary
        ? node.addresses().stream()
            .filter(address -> !address.isLoopback())
            .map(IpPrefix::ofSingle)
            .toList()
        : cidrs(texts);
  }

  private static List<IpPrefix> cidrs(List<String> texts) {
    return texts.stream().map(IpPrefix::parse).flatMap(Optional::stream).toList();
  }

  /// Whether node ports answer where that was perhaps not meant.
  private Optional<String> openNodePorts() {
    IpFamily primary = node.primary();
    if (nodePorts.isEmpty()) {
      return Optional.of(
          "nodePortAddresses is unset; NodePort connections will be accepted on all local IPs."
              + " Consider using `--nodeport-addresses primary`");
    }
    long ofPrimary = nodePorts.stream().filter(cidr -> cidr.family() == primary).count();
    if (dualStackConfiguration() && ofPrimary == nodePorts.size()) {
      return Optional.of(
          "cluster appears to be dual-stack but nodePortAddresses contains only "
              + open(primary, other(primary)));
    }
    if (ofPrimary == 0) {
      return Optional.of(
          "cluster appears to be "
              + name(primary)
              + "-primary but nodePortAddresses contains only "
              + open(other(primary), primary));
    }
    return Optional.empty();
  }

  /// Loopback addresses that were asked for, on which node ports do not answer.
  private List<String> silentNodePorts() {
    List<String> silent = new ArrayList<>();
    if (mode == ProxyMode.IPTABLES) {
      String localhost = "--nodeport-addresses includes localhost but ";
      if (isAskedFor(IpAddress.of("::1"))) {
        silent.add(localhost + "localhost NodePorts are not supported on IPv6");
      }
      if (isAskedFor(IpAddress.of("127.0.0.1")) && !configuration.iptables().localhostNodePorts()) {
        silent.add(localhost + "--iptables-localhost-nodeports=false was passed");
      }
    }
    return silent;
  }

  /// Whether an address is among those of node ports, and not because all are.
  private boolean isAskedFor(IpAddress address) {
    List<IpPrefix> ofFamily =
        nodePorts.stream().filter(cidr -> cidr.family() == address.family()).toList();
    return ofFamily.stream().noneMatch(cidr -> cidr.length() == 0)
        && ofFamily.stream().anyMatch(cidr -> cidr.contains(address));
  }

  private static String open(IpFamily restricted, IpFamily open) {
    return name(restricted)
        + " addresses; NodePort connections will be accepted on all local "
        + name(open)
        + " IPs";
  }

  private boolean dualStackConfiguration() {
    return Stream.of(
            cidrs(configuration.detectLocal().clusterCidrs()),
            nodePorts,
            cidrs(configuration.ipvs().excludeCidrs()),
            node.podCidrs())
        .anyMatch(cidrs -> cidrs.stream().map(IpPrefix::family).distinct().count() == 2);
  }

  private List<String> wrongFamilies() {
    IpFamily wrong = other(node.primary());
    String cluster =
        "cluster is " + name(node.primary()) + (node.dualStack() ? "-primary" : "-only") + " but ";
    String only = " contains only " + name(wrong) + " addresses";
    List<String> problems = new ArrayList<>();
    if (allWrong(clusterCidrs())) {
      problems.add(cluster + "clusterCIDRs" + only);
    }
    if (allWrong(node.podCidrs())) {
      problems.add(cluster + "node.spec.podCIDRs" + only);
    }
    if (isWrong(IpAddress.parse(configuration.windows().sourceVip()))) {
      problems.add(cluster + "winkernel.sourceVip is " + name(wrong));
    }
    if (!node.dualStack()) {
      if (allWrong(cidrs(configuration.ipvs().excludeCidrs()))) {
        problems.add(cluster + "ipvs.excludeCIDRs" + only);
      }
      StatusServers status = configuration.status();
      if (isWrong(specificHost(status.healthzBindAddress()))) {
        problems.add(cluster + "healthzBindAddress is " + name(wrong));
      }
      if (isWrong(specificHost(status.metricsBindAddress()))) {
        problems.add(cluster + "metricsBindAddress is " + name(wrong));
      }
    }
    return problems;
  }

  /// Whether no traffic of pods could be told from other traffic.
  private boolean cannotWork() {
    return switch (configuration.detectLocal().mode()) {
      case "ClusterCIDR" -> !node.dualStack() && allWrong(clusterCidrs());
      case "NodeCIDR" -> allWrong(node.podCidrs());
      default -> false;
    };
  }

  private List<IpPrefix> clusterCidrs() {
    return cidrs(configuration.detectLocal().clusterCidrs());
  }

  private boolean allWrong(List<IpPrefix> cidrs) {
    return !cidrs.isEmpty() && cidrs.stream().noneMatch(cidr -> cidr.family() == node.primary());
  }

  private boolean isWrong(Optional<IpAddress> address) {
    return address.filter(found -> found.family() != node.primary()).isPresent();
  }

  private static Optional<IpAddress> specificHost(String hostPort) {
    return switch (HostPort.split(hostPort)) {
      case HostPort.Split.Bad _ -> Optional.empty();
      case HostPort.Split.Parts(String host, String _) ->
          IpAddress.parse(host).filter(address -> !address.isUnspecified());
    };
  }

  private static IpFamily other(IpFamily family) {
    return switch (family) {
      case IPV4 -> IpFamily.IPV6;
      case IPV6 -> IpFamily.IPV4;
    };
  }

  private static String name(IpFamily family) {
    return switch (family) {
      case IPV4 -> "IPv4";
      case IPV6 -> "IPv6";
    };
  }
}
