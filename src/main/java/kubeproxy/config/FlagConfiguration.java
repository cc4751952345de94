package kubeproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kubeproxy.config.v1alpha1.BindAddress;
import kubeproxy.config.v1alpha1.ClientConnection;
import kubeproxy.config.v1alpha1.Conntrack;
import kubeproxy.config.v1alpha1.DetectLocal;
import kubeproxy.config.v1alpha1.Identity;
import kubeproxy.config.v1alpha1.Iptables;
import kubeproxy.config.v1alpha1.Ipvs;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.config.v1alpha1.Logging;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;
import kubeproxy.config.v1alpha1.Nftables;
import kubeproxy.config.v1alpha1.Quantity;
import kubeproxy.config.v1alpha1.StatusServers;
import kubeproxy.config.v1alpha1.Userspace;
import kubeproxy.config.v1alpha1.Windows;

/// What the flags say, as a configuration.
final class FlagConfiguration {
  private final FlagValues flags;

  private FlagConfiguration(FlagValues flags) {
    this.flags = flags;
  }

  /// The whole configuration where there is no file. The name of the host is not in it yet.
  static KubeProxyConfiguration of(FlagValues flags) {
    return new FlagConfiguration(flags).configuration();
  }

  /// The section `logging` of a file, in which the flags that were given count more.
  static Logging overFile(FlagValues flags, Logging file) {
    return new FlagConfiguration(flags).logging(file);
  }

  private KubeProxyConfiguration configuration() {
    return new KubeProxyConfiguration(
        flags.get(ModeFlags.FEATURE_GATES),
        clientConnection(),
        logging(Logging.DEFAULT),
        new Identity(
            Identity.DEFAULT.hostnameOverride(), flags.get(ModeFlags.BIND_ADDRESS).toString()),
        status(),
        flags.get(ModeFlags.PROXY_MODE),
        iptables(),
        ipvs(),
        nftables(),
        new Userspace(
            flags.get(UserspaceFlags.PROXY_PORT_RANGE).toString(),
            flags.get(UserspaceFlags.UDP_TIMEOUT)),
        Windows.DEFAULT,
        detectLocal(),
        flags.get(TrafficFlags.NODEPORT_ADDRESSES),
        conntrack(),
        flags.get(ProcessFlags.OOM_SCORE_ADJ),
        flags.get(SourceFlags.CONFIG_SYNC_PERIOD));
  }

  private ClientConnection clientConnection() {
    return new ClientConnection(
        flags.get(SourceFlags.KUBECONFIG),
        ClientConnection.DEFAULT.acceptContentTypes(),
        flags.get(SourceFlags.KUBE_API_CONTENT_TYPE),
        flags.get(SourceFlags.KUBE_API_QPS),
        flags.get(SourceFlags.KUBE_API_BURST));
  }

  private Logging logging(Logging base) {
    List<VmoduleItem> vmodule = new ArrayList<>();
    for (ModuleLevel level : flags.get(LogFlags.VMODULE)) {
      vmodule.add(new VmoduleItem(level.pattern(), level.level()));
    }
    // The first match counts, so what the flags say comes first.
    vmodule.addAll(base.vmodule());
    return new Logging(
        given(LogFlags.LOGGING_FORMAT, base.format()),
        given(LogFlags.LOG_FLUSH_FREQUENCY, base.flushFrequency()),
        flags.given(LogFlags.V) ? flags.get(LogFlags.V) : base.verbosity(),
        vmodule,
        routing(LogFlags.LOG_TEXT_SPLIT_STREAM, LogFlags.LOG_TEXT_INFO_BUFFER_SIZE, base.text()),
        routing(LogFlags.LOG_JSON_SPLIT_STREAM, LogFlags.LOG_JSON_INFO_BUFFER_SIZE, base.json()));
  }

  private OutputRouting routing(Flag<Boolean> split, Flag<Quantity> size, OutputRouting base) {
    return new OutputRouting(given(split, base.splitStream()), given(size, base.infoBufferSize()));
  }

  private <T> T given(Flag<T> flag, T otherwise) {
    return flags.given(flag) ? flags.get(flag) : otherwise;
  }

  /// The old port flags do not count for a file that is to be written. Port 0 turns a
  /// server off; another one is added to an address without one.
  private StatusServers status() {
    boolean ports = flags.get(ConfigFileFlags.WRITE_CONFIG_TO).isEmpty();
    int healthzPort = ports ? flags.get(StatusFlags.HEALTHZ_PORT) : BindAddress.HEALTHZ_PORT;
    int metricsPort = ports ? flags.get(StatusFlags.METRICS_PORT) : BindAddress.METRICS_PORT;
    return new StatusServers(
        listen(flags.get(StatusFlags.HEALTHZ_BIND_ADDRESS), healthzPort),
        listen(flags.get(StatusFlags.METRICS_BIND_ADDRESS), metricsPort),
        flags.get(StatusFlags.BIND_ADDRESS_HARD_FAIL),
        flags.get(StatusFlags.PROFILING),
        flags.get(StatusFlags.SHOW_HIDDEN_METRICS_FOR_VERSION));
  }

  private static String listen(String address, int port) {
    return port == 0 ? "" : BindAddress.withPort(address, port);
  }

  private Iptables iptables() {
    return new Iptables(
        flags.get(TrafficFlags.IPTABLES_MASQUERADE_BIT),
        flags.get(TrafficFlags.MASQUERADE_ALL),
        flags.get(TrafficFlags.IPTABLES_LOCALHOST_NODEPORTS),
        flags.get(SyncFlags.IPTABLES_SYNC_PERIOD),
        flags.get(SyncFlags.IPTABLES_MIN_SYNC_PERIOD));
  }

  /// No flags are named after this mode: some of iptables count here too.
  private Nftables nftables() {
    return new Nftables(
        Nftables.DEFAULT.masqueradeBit(),
        flags.get(TrafficFlags.MASQUERADE_ALL),
        flags.get(SyncFlags.IPTABLES_SYNC_PERIOD),
        flags.get(SyncFlags.IPTABLES_MIN_SYNC_PERIOD));
  }

  private Ipvs ipvs() {
    return new Ipvs(
        flags.get(IpvsFlags.IPVS_SYNC_PERIOD),
        flags.get(IpvsFlags.IPVS_MIN_SYNC_PERIOD),
        flags.get(IpvsFlags.IPVS_SCHEDULER),
        flags.get(IpvsFlags.IPVS_EXCLUDE_CIDRS),
        flags.get(IpvsFlags.IPVS_STRICT_ARP),
        flags.get(IpvsFlags.IPVS_TCP_TIMEOUT),
        flags.get(IpvsFlags.IPVS_TCPFIN_TIMEOUT),
        flags.get(IpvsFlags.IPVS_UDP_TIMEOUT));
  }

  private DetectLocal detectLocal() {
    String given = flags.get(TrafficFlags.CLUSTER_CIDR);
    // A limit of -1 keeps empty parts, which are errors. Nothing at all is none, as it was for the
    // older releases: command lines are made from templates.
    List<String> clusterCidrs =
        given.isEmpty() ? List.of() : Stream.of(given.split(",", -1)).toList();
    return new DetectLocal(
        flags.get(TrafficFlags.DETECT_LOCAL_MODE),
        clusterCidrs,
        flags.get(TrafficFlags.POD_BRIDGE_INTERFACE),
        flags.get(TrafficFlags.POD_INTERFACE_NAME_PREFIX));
  }

  private Conntrack conntrack() {
    return new Conntrack(
        flags.get(ConntrackFlags.CONNTRACK_MAX_PER_CORE),
        flags.get(ConntrackFlags.CONNTRACK_MIN),
        flags.get(ConntrackFlags.CONNTRACK_TCP_TIMEOUT_ESTABLISHED),
        flags.get(ConntrackFlags.CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT),
        flags.get(ConntrackFlags.CONNTRACK_TCP_BE_LIBERAL),
        flags.get(ConntrackFlags.CONNTRACK_UDP_TIMEOUT),
        flags.get(ConntrackFlags.CONNTRACK_UDP_TIMEOUT_STREAM));
  }
}
