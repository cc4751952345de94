package kubeproxy.config;

import static kubeproxy.config.FlagGroup.TRAFFIC;

import java.util.List;

/// Flags about which traffic is handled, and how.
public final class TrafficFlags {

  public static final Flag<String> CLUSTER_CIDR =
      Flag.of(
          TRAFFIC,
          "cluster-cidr",
          FlagTypes.STRING,
          "",
          "1.17",
          "Addresses of pods: one CIDR, or a comma-separated pair of one IPv4 and one IPv6"
              + " CIDR. Traffic to cluster IPs from elsewhere is masqueraded.");
  public static final Flag<String> DETECT_LOCAL_MODE =
      Flag.of(
          TRAFFIC,
          "detect-local-mode",
          FlagTypes.text("LocalMode"),
          "",
          "1.18",
          "How traffic of pods is told from other traffic: ClusterCIDR (the default),"
              + " NodeCIDR, BridgeInterface or InterfaceNamePrefix.");
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
          "1.17",
          "Masquerade all traffic to cluster IPs, wherever it comes from.");
  public static final Flag<Integer> IPTABLES_MASQUERADE_BIT =
      Flag.of(
              TRAFFIC,
              "iptables-masquerade-bit",
              FlagTypes.INT32,
              14,
              "1.17",
              "Bit of the packet mark, 0 to 31, that asks for masquerading in the modes"
                  + " iptables and ipvs.")
          .onlyIn("iptables", "ipvs");
  public static final Flag<List<String>> NODEPORT_ADDRESSES =
      Flag.of(
          TRAFFIC,
          "nodeport-addresses",
          FlagTypes.STRINGS,
          List.of(),
          "1.17",
          "Where node ports answer: on local addresses in these CIDRs, or, with the one"
              + " word primary, on the Node's own addresses. Not given means primary in nftables"
              + " mode, and every local address in the others. 0.0.0.0/0,::/0 means every local"
              + " address.");
  public static final Flag<Boolean> IPTABLES_LOCALHOST_NODEPORTS =
      Flag.of(
              TRAFFIC,
              "iptables-localhost-nodeports",
              FlagTypes.BOOL,
              true,
              "1.26",
              "Whether IPv4 node ports answer on 127.0.0.1 too, in the iptables mode. That"
                  + " needs net.ipv4.conf.all.route_localnet=1, which is then set.")
          .onlyIn("iptables");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          CLUSTER_CIDR,
          DETECT_LOCAL_MODE,
          POD_BRIDGE_INTERFACE,
          POD_INTERFACE_NAME_PREFIX,
          MASQUERADE_ALL,
          IPTABLES_MASQUERADE_BIT,
          NODEPORT_ADDRESSES,
          IPTABLES_LOCALHOST_NODEPORTS);

  private TrafficFlags() {}
}
