package kubeproxy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// Checks the meaning of flag values and makes options of them. Goes on after an error, so that all
/// are told at once; the options are of use only if there was none.
///
/// Field paths and messages are those of Kubernetes' kube-proxy, which name the fields of its
/// configuration file.
final class Validation {
  private static final String CONNTRACK =
      "KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration.";
  private static final String NOT_NEGATIVE = "must be greater than or equal to 0";
  private static final String PRIMARY = "primary";
  private static final int OOM_RANGE = 1000;
  private static final String CIDR_EXAMPLES = "10.100.0.0/16,fde4:8dba:82e1::/48";

  private final FlagValues flags;
  private final FeatureGates gates;
  private final List<FieldError> errors = new ArrayList<>();

  Validation(FlagValues flags, FeatureGates gates) {
    this.flags = flags;
    this.gates = gates;
  }

  /// What was found so far, in the order of the checks.
  List<FieldError> errors() {
    return List.copyOf(errors);
  }

  private void invalid(String field, Object value, String message) {
    errors.add(FieldError.invalid(field, value, message));
  }

  String manifests() {
    String path = flags.get(SourceFlags.MANIFESTS);
    if (path.isEmpty()) {
      errors.add(
          FieldError.required(
              "Manifests",
              "this build reads Services from manifests only; name a file or folder with"
                  + " --manifests"));
    }
    return path;
  }

  ProxyMode mode() {
    String mode = flags.get(ModeFlags.PROXY_MODE);
    switch (mode) {
      case "", "nftables" -> {}
      case "iptables", "ipvs", "userspace" ->
          invalid(
              "Mode.ProxyMode",
              mode,
              "this build does not have the " + mode + " mode yet; use nftables or leave it blank");
      default ->
          invalid(
              "Mode.ProxyMode",
              mode,
              "must be iptables, ipvs, nftables or blank (blank means the best-available proxy"
                  + " [currently nftables])");
    }
    return ProxyMode.NFTABLES;
  }

  TrafficOptions traffic() {
    return new TrafficOptions(
        detectLocal(),
        nodePorts(),
        flags.get(TrafficFlags.MASQUERADE_ALL),
        gates.enabled(FeatureGates.ALLOW_SERVICE_EXTERNAL_IPS));
  }

  private DetectLocal detectLocal() {
    String mode = flags.get(TrafficFlags.DETECT_LOCAL_MODE);
    return switch (mode) {
      case "", "ClusterCIDR" -> new DetectLocal.ByClusterCidr(clusterCidrs());
      case "NodeCIDR" -> new DetectLocal.ByNodeCidr();
      case "BridgeInterface" ->
          new DetectLocal.ByBridge(notEmpty("InterfaceName", TrafficFlags.POD_BRIDGE_INTERFACE));
      case "InterfaceNamePrefix" ->
          new DetectLocal.ByInterfacePrefix(
              notEmpty("InterfacePrefix", TrafficFlags.POD_INTERFACE_NAME_PREFIX));
      default -> {
        errors.add(
            FieldError.unsupported(
                "DetectLocalMode",
                mode,
                List.of("", "BridgeInterface", "ClusterCIDR", "InterfaceNamePrefix", "NodeCIDR")));
        yield new DetectLocal.ByNodeCidr();
      }
    };
  }

  private String notEmpty(String field, Flag<String> flag) {
    String value = flags.get(flag);
    if (value.isEmpty()) {
      invalid("DetectLocalConfiguration." + field, value, "must not be empty");
    }
    return value;
  }

  private List<IpPrefix> clusterCidrs() {
    if (!flags.given(TrafficFlags.CLUSTER_CIDR)) {
      return List.of();
    }
    // A limit of -1 keeps empty parts, which are errors.
    List<String> texts = Arrays.asList(flags.get(TrafficFlags.CLUSTER_CIDR).split(",", -1));
    String field = "DetectLocalConfiguration.ClusterCIDRs";
    List<IpPrefix> cidrs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<IpPrefix> cidr = IpPrefix.parse(texts.get(i));
      cidr.ifPresent(cidrs::add);
      if (cidr.isEmpty()) {
        invalid(
            field + "[" + i + "]",
            texts.get(i),
            "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)");
      }
    }
    if (texts.size() > 2) {
      invalid(
          field,
          String.join(",", texts),
          "only one CIDR allowed or a valid DualStack CIDR (e.g. " + CIDR_EXAMPLES + ")");
    } else if (cidrs.size() == 2 && cidrs.get(0).family() == cidrs.get(1).family()) {
      invalid(
          field,
          String.join(",", texts),
          "must be a valid DualStack CIDR (e.g. " + CIDR_EXAMPLES + ")");
    }
    return cidrs;
  }

  private NodePortChoice nodePorts() {
    List<String> texts = flags.get(TrafficFlags.NODEPORT_ADDRESSES);
    List<IpPrefix> cidrs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.equals(PRIMARY)) {
        if (texts.size() > 1) {
          invalid("NodePortAddresses[" + i + "]", text, "can't use both 'primary' and CIDRs");
        }
        break;
      }
      Optional<IpPrefix> cidr = IpPrefix.parse(text);
      cidr.ifPresent(cidrs::add);
      if (cidr.isEmpty()) {
        invalid("NodePortAddresses[" + i + "]", text, "must be a valid CIDR");
      }
    }
    return cidrs.isEmpty() ? new NodePortChoice.Primary() : new NodePortChoice.InCidrs(cidrs);
  }

  SyncPeriods sync() {
    Duration period = flags.get(SyncFlags.IPTABLES_SYNC_PERIOD);
    Duration minimum = flags.get(SyncFlags.IPTABLES_MIN_SYNC_PERIOD);
    if (!period.isPositive()) {
      invalid("SyncPeriod", period, "must be greater than 0");
    }
    if (minimum.isNegative()) {
      invalid("MinSyncPeriod", minimum, NOT_NEGATIVE);
    }
    if (minimum.compareTo(period) > 0) {
      invalid(
          "SyncPeriod",
          minimum,
          "must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod");
    }
    return new SyncPeriods(period, minimum);
  }

  ConntrackOptions conntrack() {
    return new ConntrackOptions(
        notNegative("MaxPerCore", ConntrackFlags.CONNTRACK_MAX_PER_CORE),
        notNegative("Min", ConntrackFlags.CONNTRACK_MIN),
        new ConntrackOptions.Timeouts(
            timeout("TCPEstablishedTimeout", ConntrackFlags.CONNTRACK_TCP_TIMEOUT_ESTABLISHED),
            timeout("TCPCloseWaitTimeout", ConntrackFlags.CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT),
            timeout("UDPTimeout", ConntrackFlags.CONNTRACK_UDP_TIMEOUT),
            timeout("UDPStreamTimeout", ConntrackFlags.CONNTRACK_UDP_TIMEOUT_STREAM)),
        flags.get(ConntrackFlags.CONNTRACK_TCP_BE_LIBERAL));
  }

  private int notNegative(String field, Flag<Integer> flag) {
    int value = flags.get(flag);
    if (value < 0) {
      invalid(CONNTRACK + field, value, NOT_NEGATIVE);
    }
    return value;
  }

  private Duration timeout(String field, Flag<Duration> flag) {
    Duration value = flags.get(flag);
    if (value.isNegative()) {
      invalid(CONNTRACK + field, value, NOT_NEGATIVE);
    }
    return value;
  }

  StatusOptions status() {
    return new StatusOptions(
        listen("HealthzBindAddress", StatusFlags.HEALTHZ_BIND_ADDRESS, StatusFlags.HEALTHZ_PORT),
        listen("MetricsBindAddress", StatusFlags.METRICS_BIND_ADDRESS, StatusFlags.METRICS_PORT));
  }

  /// The old port flag turns a server off with 0, and otherwise counts only where the address has
  /// no port.
  private Optional<ListenAddress> listen(
      String field, Flag<String> addressFlag, Flag<Integer> portFlag) {
    int defaultPort = flags.get(portFlag);
    if (defaultPort == 0) {
      return Optional.empty();
    }
    String text = HostPort.withPort(flags.get(addressFlag), defaultPort);
    return switch (HostPort.split(text)) {
      case HostPort.Split.Bad _ -> {
        invalid(field, text, "must be IP:port");
        yield Optional.empty();
      }
      case HostPort.Split.Parts(String host, String port) -> listen(field, text, host, port);
    };
  }

  private Optional<ListenAddress> listen(String field, String text, String host, String port) {
    Optional<IpAddress> address = IpAddress.parse(host);
    if (address.isEmpty()) {
      invalid(field, text, "must be a valid IP");
    }
    OptionalInt number = HostPort.parsePort(port);
    if (number.orElse(0) == 0) {
      invalid(field, text, "must be a valid port");
    }
    return address.map(ip -> new ListenAddress(ip, number.orElse(0)));
  }

  int oomScoreAdj() {
    int value = flags.get(ProcessFlags.OOM_SCORE_ADJ);
    if (value < -OOM_RANGE || value > OOM_RANGE) {
      invalid(
          "KubeProxyLinuxConfiguration.OOMScoreAdj",
          value,
          "must be within the range [-1000, 1000]");
    }
    return value;
  }
}
