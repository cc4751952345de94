package kubeproxy.config;

import static kubeproxy.config.FlagGroup.MODE;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import kubeproxy.model.IpAddress;

/// Flags about the mode, and which node this is.
public final class ModeFlags {

  public static final Flag<String> PROXY_MODE =
      Flag.of(
          MODE,
          "proxy-mode",
          FlagTypes.text("ProxyMode"),
          "",
          "1.17",
          "How packets are steered: iptables, ipvs, nftables or userspace, see above."
              + " Blank picks the best available.");
  public static final Flag<String> HOSTNAME_OVERRIDE =
      Flag.of(
              MODE,
              "hostname-override",
              FlagTypes.STRING,
              "",
              "1.17",
              "Name of this Node in the cluster; the host's name if not given. Endpoints"
                  + " with this nodeName are local.")
          .besidesFile();
  public static final Flag<IpAddress> BIND_ADDRESS =
      Flag.of(
          MODE,
          "bind-address",
          FlagTypes.IP,
          IpAddress.of("0.0.0.0"),
          "1.17",
          "This node's address, which decides its primary family too. Unspecified (the"
              + " default, or ::) means the addresses of the Node object. Only the userspace mode"
              + " binds Service sockets to it.");
  public static final Flag<SortedMap<String, Boolean>> FEATURE_GATES =
      Flag.of(
          MODE,
          "feature-gates",
          FlagTypes.BOOL_MAP,
          Collections.emptySortedMap(),
          "1.17",
          "Switches, as Name=true,Other=false. All gates of Kubernetes are known. These"
              + " change something: AllowServiceExternalIPs, EndpointSlice,"
              + " EndpointSliceProxying, IPv6DualStack, SCTPSupport (all true) and"
              + " ServiceTopology (false), beside LoggingAlphaOptions, LoggingBetaOptions,"
              + " ComponentFlagz, ComponentStatusz, AllAlpha and AllBeta.");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(PROXY_MODE, HOSTNAME_OVERRIDE, BIND_ADDRESS, FEATURE_GATES);

  private ModeFlags() {}
}
