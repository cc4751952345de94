package kubeproxy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.config.v1alpha1.ClientConnection;
import kubeproxy.config.v1alpha1.Conntrack;
import kubeproxy.config.v1alpha1.DetectLocal;
import kubeproxy.config.v1alpha1.Ipvs;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.config.v1alpha1.StatusServers;
import kubeproxy.config.v1alpha1.Userspace;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;

/// Checks what the values of a configuration mean. Goes on after an error, so that all are told at
/// once. Field paths, messages and their order are upstream's.
///
/// What belongs to a mode is checked only if that mode is wanted. A blank mode may become nftables
/// or iptables, so both are checked then.
final class Validation {
  private static final String ROOT = "KubeProxyConfiguration.";
  private static final String LINUX = "KubeProxyLinuxConfiguration.";
  private static final String NOT_NEGATIVE = "must be greater than or equal to 0";
  private static final String POSITIVE = "must be greater than 0";
  private static final String NOT_A_CIDR = "must be a valid CIDR";
  private static final String PRIMARY = "primary";
  private static final String PREVIOUS_MINOR = "1.35";

  /// What was the previous minor for some release that this one replaces.
  private static final Pattern PREVIOUS_MINORS = Pattern.compile("1\\.(1[6-9]|2[0-9]|3[0-5])");

  private static final int MAX_BIT = 31;
  private static final int OOM_RANGE = 1000;

  private final KubeProxyConfiguration configuration;
  private final List<FieldError> errors = new ArrayList<>();

  private Validation(KubeProxyConfiguration configuration) {
    this.configuration = configuration;
  }

  /// All that is wrong with a configuration after platform defaults.
  static List<FieldError> errors(KubeProxyConfiguration configuration) {
    Validation validation = new Validation(configuration);
    validation.everything();
    return List.copyOf(validation.errors);
  }

  private void everything() {
    if (FeatureGates.resolve(configuration.featureGates())
        instanceof FeatureGates.Resolution.Refused(String reason)) {
      invalid("featureGates", configuration.featureGates(), reason);
    }
    masqueradeBit("KubeProxyIPTablesConfiguration", configuration.iptables().masqueradeBit());
    if (mode().equals("ipvs")) {
      ipvs(configuration.ipvs());
    }
    if (mode().equals("nftables") || mode().isEmpty()) {
      masqueradeBit("KubeProxyNFTablesConfiguration", configuration.nftables().masqueradeBit());
    }
    conntrack(configuration.conntrack());
    oomScoreAdj(configuration.oomScoreAdj());
    if (!mode().isEmpty() && ProxyMode.of(mode()).isEmpty()) {
      invalid(
          "Mode.ProxyMode",
          mode(),
          "must be userspace, iptables, ipvs, nftables or blank (blank means the best-available"
              + " proxy [currently nftables])");
    }
    clientConnection(configuration.clientConnection());
    userspace(configuration.userspace());
    positive("ConfigSyncPeriod", configuration.configSyncPeriod());
    syncPeriods();
    String bindAddress = configuration.identity().bindAddress();
    if (IpAddress.parse(bindAddress).isEmpty()) {
      invalid("BindAddress", bindAddress, "not a valid textual representation of an IP address");
    }
    status(configuration.status());
    nodePortAddresses(configuration.nodePortAddresses());
    showHiddenMetrics(configuration.status().showHiddenMetricsForVersion());
    detectLocal(configuration.detectLocal());
  }

  private String mode() {
    return configuration.mode();
  }

  private void invalid(String field, Object value, String message) {
    errors.add(FieldError.invalid(ROOT + field, value, message));
  }

  private void notNegative(String field, int value) {
    if (value < 0) {
      invalid(field, value, NOT_NEGATIVE);
    }
  }

  private void notNegative(String field, Duration value) {
    if (value.isNegative()) {
      invalid(field, value, NOT_NEGATIVE);
    }
  }

  private void positive(String field, Duration value) {
    if (!value.isPositive()) {
      invalid(field, value, POSITIVE);
    }
  }

  private void masqueradeBit(String block, int bit) {
    if (bit < 0 || bit > MAX_BIT) {
      invalid(block + ".MasqueradeBit", bit, "must be within the range [0, 31]");
    }
  }

  private void ipvs(Ipvs ipvs) {
    String block = "KubeProxyIPVSConfiguration.";
    notNegative(block + "TCPTimeout", ipvs.tcpTimeout());
    notNegative(block + "TCPFinTimeout", ipvs.tcpFinTimeout());
    notNegative(block + "UDPTimeout", ipvs.udpTimeout());
    for (int i = 0; i < ipvs.excludeCidrs().size(); i++) {
      String cidr = ipvs.excludeCidrs().get(i);
      if (IpPrefix.parse(cidr).isEmpty()) {
        invalid(block + "ExcludeCidrs[" + i + "]", cidr, NOT_A_CIDR);
      }
    }
  }

  private void conntrack(Conntrack conntrack) {
    String block = LINUX + "KubeProxyConntrackConfiguration.";
    notNegative(block + "MaxPerCore", conntrack.maxPerCore());
    notNegative(block + "Min", conntrack.min());
    notNegative(block + "TCPEstablishedTimeout", conntrack.tcpEstablishedTimeout());
    notNegative(block + "TCPCloseWaitTimeout", conntrack.tcpCloseWaitTimeout());
    notNegative(block + "UDPTimeout", conntrack.udpTimeout());
    notNegative(block + "UDPStreamTimeout", conntrack.udpStreamTimeout());
  }

  private void oomScoreAdj(int value) {
    if (value < -OOM_RANGE || value > OOM_RANGE) {
      invalid(LINUX + "OOMScoreAdj", value, "must be within the range [-1000, 1000]");
    }
  }

  /// Upstream takes rates that no file can hold, and then cannot show its configuration.
  private void clientConnection(ClientConnection connection) {
    notNegative("ClientConnection.Burst", connection.burst());
    if (!Float.isFinite(connection.qps())) {
      invalid("ClientConnection.QPS", connection.qps(), "must be a finite number");
    }
  }

  /// Today's releases take any port range, because they use none.
  private void userspace(Userspace userspace) {
    positive("UDPIdleTimeout", userspace.udpIdleTimeout());
    if (mode().equals("userspace")
        && PortRange.parse(userspace.portRange()) instanceof Parsed.Invalid<PortRange>) {
      invalid("PortRange", userspace.portRange(), "must be a valid port range (e.g. 300-2000)");
    }
  }

  private void syncPeriods() {
    switch (mode()) {
      case "ipvs" ->
          syncPeriods(configuration.ipvs().syncPeriod(), configuration.ipvs().minSyncPeriod());
      case "nftables" ->
          syncPeriods(
              configuration.nftables().syncPeriod(), configuration.nftables().minSyncPeriod());
      case "" -> {
        syncPeriods(
            configuration.nftables().syncPeriod(), configuration.nftables().minSyncPeriod());
        syncPeriods(
            configuration.iptables().syncPeriod(), configuration.iptables().minSyncPeriod());
      }
      default ->
          syncPeriods(
              configuration.iptables().syncPeriod(), configuration.iptables().minSyncPeriod());
    }
  }

  private void syncPeriods(Duration period, Duration minimum) {
    positive("SyncPeriod", period);
    notNegative("MinSyncPeriod", minimum);
    if (minimum.compareTo(period) > 0) {
      invalid("SyncPeriod", minimum, "must be greater than or equal to " + ROOT + "MinSyncPeriod");
    }
  }

  private void status(StatusServers status) {
    listen("HealthzBindAddress", status.healthzBindAddress());
    listen("MetricsBindAddress", status.metricsBindAddress());
  }

  /// A server without address is off.
  private void listen(String field, String text) {
    if (text.isEmpty()) {
      return;
    }
    switch (HostPort.split(text)) {
      case HostPort.Split.Bad _ -> invalid(field, text, "must be IP:port");
      case HostPort.Split.Parts(String host, String port) -> {
        if (IpAddress.parse(host).isEmpty()) {
          invalid(field, host, "must be a valid IP");
        }
        OptionalInt number = HostPort.parsePort(port);
        if (number.orElse(0) == 0) {
          invalid(field, port, "must be a valid port");
        }
      }
    }
  }

  private void nodePortAddresses(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.equals(PRIMARY)) {
        if (texts.size() > 1) {
          invalid("NodePortAddresses[" + i + "]", text, "can't use both 'primary' and CIDRs");
        }
        return;
      }
      if (IpPrefix.parse(text).isEmpty()) {
        invalid("NodePortAddresses[" + i + "]", text, NOT_A_CIDR);
      }
    }
  }

  private void showHiddenMetrics(String version) {
    if (!version.isEmpty() && !PREVIOUS_MINORS.matcher(version).matches()) {
      String inner = "showHiddenMetricsForVersion";
      FieldError reason =
          FieldError.invalid(
              inner,
              version,
              "must be omitted or have the value '"
                  + PREVIOUS_MINOR
                  + "'; only the previous minor version is allowed");
      invalid("ShowHiddenMetricsForVersion", version, "invalid " + inner + ": " + reason);
    }
  }

  private void detectLocal(DetectLocal detectLocal) {
    String block = "DetectLocalConfiguration.";
    switch (detectLocal.mode()) {
      case "ClusterCIDR" -> clusterCidrs(block + "ClusterCIDRs", detectLocal.clusterCidrs());
      case "", "NodeCIDR" -> {}
      case "BridgeInterface" -> notEmpty(block + "InterfaceName", detectLocal.bridgeInterface());
      case "InterfaceNamePrefix" ->
          notEmpty(block + "InterfacePrefix", detectLocal.interfaceNamePrefix());
      default ->
          errors.add(
              FieldError.unsupported(
                  ROOT + "DetectLocalMode",
                  detectLocal.mode(),
                  List.of(
                      "ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix", "")));
    }
  }

  private void notEmpty(String field, String value) {
    if (value.isEmpty()) {
      invalid(field, value, "must not be empty");
    }
  }

  private void clusterCidrs(String field, List<String> texts) {
    // The closing parenthesis is missing upstream, too.
    String pair =
        "must be a either a single CIDR or dual-stack pair of CIDRs"
            + " (e.g. [10.100.0.0/16, fde4:8dba:82e1::/48]";
    if (texts.size() > 2) {
      invalid(field, texts, pair);
      return;
    }
    List<IpFamily> families = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<IpPrefix> cidr = IpPrefix.parse(texts.get(i));
      cidr.map(IpPrefix::family).ifPresent(families::add);
      if (cidr.isEmpty()) {
        invalid(
            field + "[" + i + "]",
            texts.get(i),
            "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)");
      }
    }
    if (families.size() == 2 && families.get(0) == families.get(1)) {
      invalid(field, texts, pair);
    }
  }
}
