package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;

/// Writes a configuration so that this program and upstream's read it back.
///
/// As upstream's, it leaves the sync periods and `masqueradeAll` out of the blocks of modes that
/// are not in use: they show `0s` and `false`, which read as the defaults. Where the mode is blank,
/// every block is as it is, because which of them counts is decided at the start.
///
/// Two values cannot be said in upstream's file. `minSyncPeriod: 0s` of iptables and nftables is
/// read as 1 s, so no wait at all is written as `1ns`, the shortest there is. An empty
/// address of a server is read as the default, so one that is off is written as `"0"`, which only
/// this program reads.
public final class ConfigurationWriter {
  private static final Duration SHORTEST = Duration.ofNanos(1);

  private final KubeProxyConfiguration configuration;

  private ConfigurationWriter(KubeProxyConfiguration configuration) {
    this.configuration = configuration;
  }

  /// The document as YAML, keys sorted, with a line break at the end.
  public static String yaml(KubeProxyConfiguration configuration) {
    return YamlText.of(new ConfigurationWriter(configuration).document());
  }

  /// The document as JSON on one line, keys sorted.
  public static String json(KubeProxyConfiguration configuration) {
    return JsonText.of(new ConfigurationWriter(configuration).document());
  }

  private Value.Members document() {
    SortedMap<String, Value> document = new TreeMap<>();
    document.put("apiVersion", Value.of(KubeProxyConfiguration.API_VERSION));
    document.put("kind", Value.of(KubeProxyConfiguration.KIND));
    if (!configuration.featureGates().isEmpty()) {
      SortedMap<String, Value> gates = new TreeMap<>();
      configuration.featureGates().forEach((name, on) -> gates.put(name, Value.of(on)));
      document.put("featureGates", new Value.Members(gates));
    }
    document.put("clientConnection", clientConnection(configuration.clientConnection()));
    document.put("logging", logging(configuration.logging()));
    document.put("hostnameOverride", Value.of(configuration.identity().hostnameOverride()));
    document.put("bindAddress", Value.of(configuration.identity().bindAddress()));
    putStatus(document, configuration.status());
    document.put("mode", Value.of(configuration.mode()));
    document.put("iptables", iptables(configuration.iptables()));
    document.put("ipvs", ipvs(configuration.ipvs()));
    document.put("nftables", nftables(configuration.nftables()));
    putUserspace(document, configuration.userspace());
    putWindows(document, configuration.windows());
    putDetectLocal(document, configuration.detectLocal());
    document.put("nodePortAddresses", Value.of(configuration.nodePortAddresses()));
    document.put("conntrack", conntrack(configuration.conntrack()));
    document.put("oomScoreAdj", Value.of(configuration.oomScoreAdj()));
    document.put("configSyncPeriod", Value.of(configuration.configSyncPeriod()));
    return new Value.Members(document);
  }

  private static Value clientConnection(ClientConnection connection) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("kubeconfig", Value.of(connection.kubeconfig()));
    block.put("acceptContentTypes", Value.of(connection.acceptContentTypes()));
    block.put("contentType", Value.of(connection.contentType()));
    block.put("qps", Value.of(connection.qps()));
    block.put("burst", Value.of(connection.burst()));
    return new Value.Members(block);
  }

  private static Value logging(Logging logging) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("format", Value.of(logging.format()));
    block.put("flushFrequency", Value.of(logging.flushFrequency()));
    block.put("verbosity", Value.of(logging.verbosity()));
    if (!logging.vmodule().isEmpty()) {
      block.put(
          "vmodule",
          new Value.Items(
              logging.vmodule().stream().map(ConfigurationWriter::vmoduleItem).toList()));
    }
    Value text = routing(logging.text());
    Value json = routing(logging.json());
    block.put("options", new Value.Members(new TreeMap<>(Map.of("text", text, "json", json))));
    return new Value.Members(block);
  }

  private static Value vmoduleItem(VmoduleItem item) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("filePattern", Value.of(item.filePattern()));
    block.put("verbosity", Value.of(item.verbosity()));
    return new Value.Members(block);
  }

  private static Value routing(OutputRouting routing) {
    SortedMap<String, Value> block = new TreeMap<>();
    if (routing.splitStream()) {
      block.put("splitStream", Value.of(true));
    }
    block.put("infoBufferSize", Value.of(routing.infoBufferSize().toString()));
    return new Value.Members(block);
  }

  private static void putStatus(SortedMap<String, Value> document, StatusServers status) {
    document.put("healthzBindAddress", listen(status.healthzBindAddress()));
    document.put("metricsBindAddress", listen(status.metricsBindAddress()));
    document.put("bindAddressHardFail", Value.of(status.bindAddressHardFail()));
    document.put("enableProfiling", Value.of(status.enableProfiling()));
    document.put("showHiddenMetricsForVersion", Value.of(status.showHiddenMetricsForVersion()));
  }

  private static Value listen(String address) {
    return Value.of(address.isEmpty() ? BindAddress.OFF : address);
  }

  /// Whether the block of a mode says how often it syncs.
  private boolean counts(String block) {
    return switch (configuration.mode()) {
      case "" -> true;
      case "ipvs", "nftables" -> block.equals(configuration.mode());
      // All others take what is not their own from there.
      default -> block.equals("iptables");
    };
  }

  private Value period(String block, Duration period) {
    return Value.of(counts(block) ? period : Duration.ZERO);
  }

  private Value minimum(String block, Duration minimum) {
    return period(block, minimum.isZero() ? SHORTEST : minimum);
  }

  private Value iptables(Iptables iptables) {
    boolean all = iptables.masqueradeAll() && !configuration.mode().equals("nftables");
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("masqueradeBit", Value.of(iptables.masqueradeBit()));
    block.put("masqueradeAll", Value.of(all));
    block.put("localhostNodePorts", Value.of(iptables.localhostNodePorts()));
    block.put("syncPeriod", period("iptables", iptables.syncPeriod()));
    block.put("minSyncPeriod", minimum("iptables", iptables.minSyncPeriod()));
    return new Value.Members(block);
  }

  private Value nftables(Nftables nftables) {
    boolean all = nftables.masqueradeAll() && counts("nftables");
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("masqueradeBit", Value.of(nftables.masqueradeBit()));
    block.put("masqueradeAll", Value.of(all));
    block.put("syncPeriod", period("nftables", nftables.syncPeriod()));
    block.put("minSyncPeriod", minimum("nftables", nftables.minSyncPeriod()));
    return new Value.Members(block);
  }

  private Value ipvs(Ipvs ipvs) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("syncPeriod", period("ipvs", ipvs.syncPeriod()));
    block.put("minSyncPeriod", period("ipvs", ipvs.minSyncPeriod()));
    block.put("scheduler", Value.of(ipvs.scheduler()));
    block.put("excludeCIDRs", Value.of(ipvs.excludeCidrs()));
    block.put("strictARP", Value.of(ipvs.strictArp()));
    block.put("tcpTimeout", Value.of(ipvs.tcpTimeout()));
    block.put("tcpFinTimeout", Value.of(ipvs.tcpFinTimeout()));
    block.put("udpTimeout", Value.of(ipvs.udpTimeout()));
    return new Value.Members(block);
  }

  /// The timeout is not in the format of today's releases, so it is there only if it is unusual.
  private static void putUserspace(SortedMap<String, Value> document, Userspace userspace) {
    document.put("portRange", Value.of(userspace.portRange()));
    if (!userspace.udpIdleTimeout().equals(Userspace.DEFAULT.udpIdleTimeout())) {
      document.put("udpIdleTimeout", Value.of(userspace.udpIdleTimeout()));
    }
  }

  private static void putWindows(SortedMap<String, Value> document, Windows windows) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("networkName", Value.of(windows.networkName()));
    block.put("sourceVip", Value.of(windows.sourceVip()));
    block.put("enableDSR", Value.of(windows.enableDsr()));
    block.put("rootHnsEndpointName", Value.of(windows.rootHnsEndpointName()));
    block.put("forwardHealthCheckVip", Value.of(windows.forwardHealthCheckVip()));
    document.put("winkernel", new Value.Members(block));
    if (windows.runAsService()) {
      document.put("windowsRunAsService", Value.of(true));
    }
  }

  private static void putDetectLocal(SortedMap<String, Value> document, DetectLocal detectLocal) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("bridgeInterface", Value.of(detectLocal.bridgeInterface()));
    block.put("interfaceNamePrefix", Value.of(detectLocal.interfaceNamePrefix()));
    document.put("detectLocal", new Value.Members(block));
    document.put("detectLocalMode", Value.of(detectLocal.mode()));
    document.put("clusterCIDR", Value.of(String.join(",", detectLocal.clusterCidrs())));
  }

  private static Value conntrack(Conntrack conntrack) {
    SortedMap<String, Value> block = new TreeMap<>();
    block.put("maxPerCore", Value.of(conntrack.maxPerCore()));
    block.put("min", Value.of(conntrack.min()));
    block.put("tcpEstablishedTimeout", Value.of(conntrack.tcpEstablishedTimeout()));
    block.put("tcpCloseWaitTimeout", Value.of(conntrack.tcpCloseWaitTimeout()));
    block.put("tcpBeLiberal", Value.of(conntrack.tcpBeLiberal()));
    block.put("udpTimeout", Value.of(conntrack.udpTimeout()));
    block.put("udpStreamTimeout", Value.of(conntrack.udpStreamTimeout()));
    return new Value.Members(block);
  }
}
