package kubeproxy.config;

import static kubeproxy.config.FlagGroup.CONNTRACK;
import static kubeproxy.config.FlagGroup.MODE;
import static kubeproxy.config.FlagGroup.PROCESS;
import static kubeproxy.config.FlagGroup.SOURCE;
import static kubeproxy.config.FlagGroup.STATUS;
import static kubeproxy.config.FlagGroup.SYNC;
import static kubeproxy.config.FlagGroup.TRAFFIC;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import kubeproxy.model.IpAddress;

/// Every flag of the command, once. Names, types and defaults are those of Kubernetes' kube-proxy,
/// apart from `--manifests`.
public final class ProxyFlags {
  private static final String ALWAYS = "1.17";
  private static final String OURS = "";

  public static final Flag<String> MANIFESTS =
      Flag.of(
          SOURCE,
          "manifests",
          FlagTypes.text("path"),
          "",
          OURS,
          "File or folder with manifests (JSON or YAML) of the Services to carry, their"
              + " EndpointSlices or Endpoints, and, if wanted, this Node and ServiceCIDRs. Changes"
              + " are picked up while running. No API server is contacted.");

  public static final Flag<String> PROXY_MODE =
      Flag.of(
          MODE,
          "proxy-mode",
          FlagTypes.text("ProxyMode"),
          "",
          ALWAYS,
          "How packets are steered: nftables. Blank picks the best available, which is nftables"
              + " today. iptables, ipvs and userspace are not in this build yet.");
  public static final Flag<String> HOSTNAME_OVERRIDE =
      Flag.of(
          MODE,
          "hostname-override",
          FlagTypes.STRING,
          "",
          ALWAYS,
          "Name of this Node in the cluster; the host's name if not given. Endpoints with this"
              + " nodeName are local.");
  public static final Flag<IpAddress> BIND_ADDRESS =
      Flag.of(
          MODE,
          "bind-address",
          FlagTypes.IP,
          IpAddress.of("0.0.0.0"),
          ALWAYS,
          "This node's address of its family, for node ports on the primary address and for"
              + " loadBalancerSourceRanges. Unspecified (the default, or ::) means the addresses of"
              + " the Node object. No Service socket is bound to it.");
  public static final Flag<SortedMap<String, Boolean>> FEATURE_GATES =
      Flag.of(
          MODE,
          "feature-gates",
          FlagTypes.BOOL_MAP,
          Collections.emptySortedMap(),
          ALWAYS,
          "Switches, as Name=true,Other=false. AllowServiceExternalIPs (default true) decides"
              + " whether spec.externalIPs of Services are served.");

  public static final Flag<String> CLUSTER_CIDR =
      Flag.of(
          TRAFFIC,
          "cluster-cidr",
          FlagTypes.STRING,
          "",
          ALWAYS,
          "Addresses of pods: one CIDR, or a comma-separated pair of one IPv4 and one IPv6 CIDR."
              + " Traffic to cluster IPs from elsewhere is masqueraded.");
  public static final Flag<String> DETECT_LOCAL_MODE =
      Flag.of(
          TRAFFIC,
          "detect-local-mode",
          FlagTypes.text("LocalMode"),
          "",
          "1.18",
          "How traffic of pods is told from other traffic: ClusterCIDR (the default), NodeCIDR,"
              + " BridgeInterface or InterfaceNamePrefix.");
  public static final Flag<String> POD_BRIDGE_INTERFACE =
      Flag.of(
          TRAFFIC,
          "pod-bridge-interface",
          FlagTypes.STRING,
          "",
          "1.24",
          "With BridgeInterface: the bridge that this node's pods are attached to.");
  public static final Flag<String> POD_INTERFACE_NAME_PREFIX =
      Flag.of(
          TRAFFIC,
          "pod-interface-name-prefix",
          FlagTypes.STRING,
          "",
          "1.24",
          "With InterfaceNamePrefix: how the names of this node's pod interfaces begin.");
  public static final Flag<Boolean> MASQUERADE_ALL =
      Flag.of(
          TRAFFIC,
          "masquerade-all",
          FlagTypes.BOOL,
          false,
          ALWAYS,
          "Masquerade all traffic to cluster IPs, wherever it comes from.");
  public static final Flag<List<String>> NODEPORT_ADDRESSES =
      Flag.of(
          TRAFFIC,
          "nodeport-addresses",
          FlagTypes.STRINGS,
          List.of(),
          ALWAYS,
          "Where node ports answer: on local addresses in these CIDRs, or, with the one word"
              + " primary, on the Node's own addresses. Not given means primary in nftables mode."
              + " 0.0.0.0/0,::/0 means every local address.");

  public static final Flag<Duration> SYNC_PERIOD =
      Flag.of(
          SYNC,
          "iptables-sync-period",
          FlagTypes.DURATION,
          Duration.ofSeconds(30),
          ALWAYS,
          "How soon a failed sync is tried again. Twice as long without success makes the node"
              + " unhealthy. Applies to nftables too.");
  public static final Flag<Duration> MIN_SYNC_PERIOD =
      Flag.of(
          SYNC,
          "iptables-min-sync-period",
          FlagTypes.DURATION,
          Duration.ofSeconds(1),
          ALWAYS,
          "Least time between two syncs; changes that arrive meanwhile are taken together. 0 syncs"
              + " at once. Applies to nftables too.");

  public static final Flag<Integer> CONNTRACK_MAX_PER_CORE =
      Flag.of(
          CONNTRACK,
          "conntrack-max-per-core",
          FlagTypes.INT32,
          32768,
          ALWAYS,
          "Connections to track for each CPU core (0 leaves the limit as it is and ignores"
              + " conntrack-min).");
  public static final Flag<Integer> CONNTRACK_MIN =
      Flag.of(
          CONNTRACK,
          "conntrack-min",
          FlagTypes.INT32,
          131072,
          ALWAYS,
          "Least number of connections to track, however few cores there are.");
  public static final Flag<Duration> CONNTRACK_TCP_TIMEOUT_ESTABLISHED =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-timeout-established",
          FlagTypes.DURATION,
          Duration.ofHours(24),
          ALWAYS,
          "How long an idle TCP connection is remembered (0 leaves the setting as it is).");
  public static final Flag<Duration> CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-timeout-close-wait",
          FlagTypes.DURATION,
          Duration.ofHours(1),
          ALWAYS,
          "How long a TCP connection in state CLOSE_WAIT is remembered (0 leaves the setting as it"
              + " is).");
  public static final Flag<Boolean> CONNTRACK_TCP_BE_LIBERAL =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-be-liberal",
          FlagTypes.BOOL,
          false,
          "1.29",
          "Do not treat TCP packets outside the window as invalid.");
  public static final Flag<Duration> CONNTRACK_UDP_TIMEOUT =
      Flag.of(
          CONNTRACK,
          "conntrack-udp-timeout",
          FlagTypes.DURATION,
          Duration.ZERO,
          "1.29",
          "How long an unanswered UDP flow is remembered (0 leaves the setting as it is).");
  public static final Flag<Duration> CONNTRACK_UDP_TIMEOUT_STREAM =
      Flag.of(
          CONNTRACK,
          "conntrack-udp-timeout-stream",
          FlagTypes.DURATION,
          Duration.ZERO,
          "1.29",
          "How long an answered UDP flow is remembered (0 leaves the setting as it is).");

  public static final Flag<String> HEALTHZ_BIND_ADDRESS =
      Flag.of(
          STATUS,
          "healthz-bind-address",
          FlagTypes.IP_PORT,
          "0.0.0.0:10256",
          ALWAYS,
          "Where /healthz (should this node get traffic?), /livez (is the proxy working?) and"
              + " /readyz (have all rules been written once?) answer.");
  public static final Flag<String> METRICS_BIND_ADDRESS =
      Flag.of(
          STATUS,
          "metrics-bind-address",
          FlagTypes.IP_PORT,
          "127.0.0.1:10249",
          ALWAYS,
          "Where /metrics (Prometheus), /proxyMode and /healthz answer.");
  public static final Flag<Integer> HEALTHZ_PORT =
      Flag.of(
              STATUS,
              "healthz-port",
              FlagTypes.INT32,
              10256,
              ALWAYS,
              "Port for a healthz-bind-address without one; 0 turns the server off.")
          .deprecated(
              "This flag is deprecated and will be removed in a future release. Please use"
                  + " --healthz-bind-address instead.");
  public static final Flag<Integer> METRICS_PORT =
      Flag.of(
              STATUS,
              "metrics-port",
              FlagTypes.INT32,
              10249,
              ALWAYS,
              "Port for a metrics-bind-address without one; 0 turns the server off.")
          .deprecated(
              "This flag is deprecated and will be removed in a future release. Please use"
                  + " --metrics-bind-address instead.");

  public static final Flag<Integer> OOM_SCORE_ADJ =
      Flag.of(
          PROCESS,
          "oom-score-adj",
          FlagTypes.INT32,
          -999,
          ALWAYS,
          "How willingly the kernel kills this process when memory is short: -1000 never, 1000"
              + " first.");
  public static final Flag<Integer> VERBOSITY =
      Flag.of(
              PROCESS,
              "v",
              FlagTypes.LEVEL,
              0,
              ALWAYS,
              "How much is logged: 0 what everybody should know, 2 each sync, 4 what changed and"
                  + " why, 10 everything.")
          .shorthand('v');
  public static final Flag<VersionRequest> VERSION =
      Flag.of(
          PROCESS,
          "version",
          FlagTypes.VERSION,
          new VersionRequest.None(),
          ALWAYS,
          "Print the version and exit; --version=raw prints all of it.");
  public static final Flag<Boolean> HELP =
      Flag.of(PROCESS, "help", FlagTypes.BOOL, false, ALWAYS, "Print this text and exit.")
          .shorthand('h');

  /// All of them, in the order of the help text.
  public static final FlagTable TABLE =
      new FlagTable(
          List.of(
              MANIFESTS,
              PROXY_MODE,
              HOSTNAME_OVERRIDE,
              BIND_ADDRESS,
              FEATURE_GATES,
              CLUSTER_CIDR,
              DETECT_LOCAL_MODE,
              POD_BRIDGE_INTERFACE,
              POD_INTERFACE_NAME_PREFIX,
              MASQUERADE_ALL,
              NODEPORT_ADDRESSES,
              SYNC_PERIOD,
              MIN_SYNC_PERIOD,
              CONNTRACK_MAX_PER_CORE,
              CONNTRACK_MIN,
              CONNTRACK_TCP_TIMEOUT_ESTABLISHED,
              CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT,
              CONNTRACK_TCP_BE_LIBERAL,
              CONNTRACK_UDP_TIMEOUT,
              CONNTRACK_UDP_TIMEOUT_STREAM,
              HEALTHZ_BIND_ADDRESS,
              METRICS_BIND_ADDRESS,
              HEALTHZ_PORT,
              METRICS_PORT,
              OOM_SCORE_ADJ,
              VERBOSITY,
              VERSION,
              HELP));

  private ProxyFlags() {}
}
