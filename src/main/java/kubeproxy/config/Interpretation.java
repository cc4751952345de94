package kubeproxy.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.config.v1alpha1.ClientConnection;
import kubeproxy.config.v1alpha1.Conntrack;
import kubeproxy.config.v1alpha1.DetectLocal;
import kubeproxy.config.v1alpha1.Identity;
import kubeproxy.config.v1alpha1.Iptables;
import kubeproxy.config.v1alpha1.Ipvs;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.config.v1alpha1.Logging;
import kubeproxy.config.v1alpha1.Nftables;
import kubeproxy.config.v1alpha1.StatusServers;
import kubeproxy.config.v1alpha1.Userspace;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// What a valid configuration means: texts become addresses, and each part of the program gets what
/// is its own. Blocks of modes that are not wanted may hold anything; what cannot be read there is
/// left out.
final class Interpretation {
  private static final String DEFAULT_SCHEDULER = "rr";

  private Interpretation() {}

  static ProxyOptions options(
      KubeProxyConfiguration configuration, FeatureGates gates, FlagValues flags) {
    return new ProxyOptions(
        source(configuration, flags),
        ProxyMode.of(configuration.mode()),
        node(configuration.identity()),
        new TrafficOptions(
            detectLocal(configuration.detectLocal()),
            nodePorts(configuration.nodePortAddresses()),
            gates.enabled(FeatureGates.ALLOW_SERVICE_EXTERNAL_IPS)),
        new ModeOptions(
            iptables(configuration.iptables()),
            ipvs(configuration.ipvs()),
            nftables(configuration.nftables()),
            userspace(configuration.userspace())),
        conntrack(configuration.conntrack()),
        status(configuration.status()),
        new ProcessOptions(configuration.oomScoreAdj(), gates, reportedVersion(flags)),
        logging(configuration.logging(), flags),
        actions(flags));
  }

  private static Optional<String> unlessEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static ObjectSource source(KubeProxyConfiguration configuration, FlagValues flags) {
    String manifests = flags.get(SourceFlags.MANIFESTS);
    if (!manifests.isEmpty()) {
      return new ObjectSource.Manifests(manifests);
    }
    ClientConnection connection = configuration.clientConnection();
    return new ObjectSource.ApiServer(
        unlessEmpty(connection.kubeconfig()),
        unlessEmpty(flags.get(SourceFlags.MASTER)),
        connection.contentType(),
        connection.acceptContentTypes(),
        connection.qps(),
        connection.burst(),
        configuration.configSyncPeriod());
  }

  private static NodeIdentity node(Identity identity) {
    return new NodeIdentity(
        unlessEmpty(identity.hostnameOverride()).map(name -> name.strip().toLowerCase(Locale.ROOT)),
        IpAddress.of(identity.bindAddress()));
  }

  private static PlanConfig.DetectLocal detectLocal(DetectLocal detectLocal) {
    return switch (detectLocal.mode()) {
      case "NodeCIDR" -> new PlanConfig.DetectLocal.ByNodeCidr();
      case "BridgeInterface" -> new PlanConfig.DetectLocal.ByBridge(detectLocal.bridgeInterface());
      case "InterfaceNamePrefix" ->
          new PlanConfig.DetectLocal.ByInterfacePrefix(detectLocal.interfaceNamePrefix());
      default -> new PlanConfig.DetectLocal.ByClusterCidr(cidrs(detectLocal.clusterCidrs()));
    };
  }

  private static List<IpPrefix> cidrs(List<String> texts) {
    return texts.stream().map(IpPrefix::parse).flatMap(Optional::stream).toList();
  }

  private static Optional<NodePortChoice> nodePorts(List<String> texts) {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        texts.getFirst().equals("primary")
            ? new NodePortChoice.Primary()
            : new NodePortChoice.InCidrs(cidrs(texts)));
  }

  private static ModeOptions.Iptables iptables(Iptables iptables) {
    return new ModeOptions.Iptables(
        new SyncPeriods(iptables.syncPeriod(), iptables.minSyncPeriod()),
        new Masquerade(iptables.masqueradeBit(), iptables.masqueradeAll()),
        iptables.localhostNodePorts());
  }

  private static ModeOptions.Nftables nftables(Nftables nftables) {
    return new ModeOptions.Nftables(
        new SyncPeriods(nftables.syncPeriod(), nftables.minSyncPeriod()),
        new Masquerade(nftables.masqueradeBit(), nftables.masqueradeAll()));
  }

  private static ModeOptions.Ipvs ipvs(Ipvs ipvs) {
    return new ModeOptions.Ipvs(
        new SyncPeriods(ipvs.syncPeriod(), ipvs.minSyncPeriod()),
        unlessEmpty(ipvs.scheduler()).orElse(DEFAULT_SCHEDULER),
        cidrs(ipvs.excludeCidrs()),
        ipvs.strictArp(),
        new ModeOptions.IpvsTimeouts(ipvs.tcpTimeout(), ipvs.tcpFinTimeout(), ipvs.udpTimeout()));
  }

  private static ModeOptions.Userspace userspace(Userspace userspace) {
    PortRange ports =
        switch (PortRange.parse(userspace.portRange())) {
          case Parsed.Valid<PortRange>(PortRange range) -> range;
          case Parsed.Invalid<PortRange> _ -> PortRange.ANY;
        };
    return new ModeOptions.Userspace(ports, userspace.udpIdleTimeout());
  }

  private static ConntrackOptions conntrack(Conntrack conntrack) {
    return new ConntrackOptions(
        conntrack.maxPerCore(),
        conntrack.min(),
        new ConntrackOptions.Timeouts(
            conntrack.tcpEstablishedTimeout(),
            conntrack.tcpCloseWaitTimeout(),
            conntrack.udpTimeout(),
            conntrack.udpStreamTimeout()),
        conntrack.tcpBeLiberal());
  }

  private static StatusOptions status(StatusServers status) {
    return new StatusOptions(
        listen(status.healthzBindAddress()),
        listen(status.metricsBindAddress()),
        status.bindAddressHardFail(),
        status.enableProfiling(),
        !status.showHiddenMetricsForVersion().isEmpty());
  }

  private static Optional<ListenAddress> listen(String text) {
    return switch (HostPort.split(text)) {
      case HostPort.Split.Bad _ -> Optional.empty();
      case HostPort.Split.Parts(String host, String port) -> {
        OptionalInt number = HostPort.parsePort(port);
        yield IpAddress.parse(host)
            .filter(_ -> number.isPresent())
            .map(address -> new ListenAddress(address, number.getAsInt()));
      }
    };
  }

  private static Optional<String> reportedVersion(FlagValues flags) {
    return switch (flags.get(ProcessFlags.VERSION)) {
      case VersionRequest.Report(String reported) -> Optional.of(reported);
      case VersionRequest.None _, VersionRequest.Plain _, VersionRequest.Raw _ -> Optional.empty();
    };
  }

  private static LoggingOptions logging(Logging logging, FlagValues flags) {
    return new LoggingOptions(
        logging.format().equals("json") ? LoggingOptions.Format.JSON : LoggingOptions.Format.TEXT,
        logging.flushFrequency(),
        Math.toIntExact(logging.verbosity()),
        logging.vmodule().stream()
            .map(item -> new ModuleLevel(item.filePattern(), Math.toIntExact(item.verbosity())))
            .toList(),
        streams(logging.text()),
        streams(logging.json()),
        new LoggingOptions.Files(
            flags.get(LogFileFlags.LOGTOSTDERR),
            flags.get(LogFileFlags.ALSOLOGTOSTDERR),
            flags.get(LogFileFlags.LOG_DIR),
            flags.get(LogFileFlags.LOG_FILE),
            flags.get(LogFileFlags.LOG_FILE_MAX_SIZE),
            flags.get(LogFileFlags.STDERRTHRESHOLD),
            flags.get(LogFileFlags.ONE_OUTPUT),
            flags.get(LogFileFlags.SKIP_HEADERS),
            flags.get(LogFileFlags.SKIP_LOG_HEADERS),
            flags.get(LogFileFlags.ADD_DIR_HEADER),
            flags.get(LogFileFlags.LOG_BACKTRACE_AT)));
  }

  private static LoggingOptions.Streams streams(Logging.OutputRouting routing) {
    return new LoggingOptions.Streams(
        routing.splitStream(), Math.max(0, routing.infoBufferSize().wholeValue()));
  }

  private static ActionOptions actions(FlagValues flags) {
    return new ActionOptions(
        unlessEmpty(flags.get(ConfigFileFlags.WRITE_CONFIG_TO)),
        flags.get(ProcessFlags.CLEANUP),
        flags.get(ProcessFlags.CLEANUP_IPVS),
        flags.get(ProcessFlags.INIT_ONLY),
        unlessEmpty(flags.get(ConfigFileFlags.CONFIG)),
        flags.get(ConfigFileFlags.CONFIG_RELOAD));
  }
}
