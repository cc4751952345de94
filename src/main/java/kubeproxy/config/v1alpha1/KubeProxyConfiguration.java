package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The whole configuration, after defaulting and before anything is checked.
///
/// @param featureGates switches that were given, by name
/// @param mode how packets are steered; empty for the best that the node has
/// @param nodePortAddresses CIDRs where node ports answer, or the one word `primary`
/// @param oomScoreAdj for `/proc/self/oom_score_adj`
/// @param configSyncPeriod how often everything known of the API server is gone through again
public record KubeProxyConfiguration(
    SortedMap<String, Boolean> featureGates,
    ClientConnection clientConnection,
    Logging logging,
    Identity identity,
    StatusServers status,
    String mode,
    Iptables iptables,
    Ipvs ipvs,
    Nftables nftables,
    Userspace userspace,
    Windows windows,
    DetectLocal detectLocal,
    List<String> nodePortAddresses,
    Conntrack conntrack,
    int oomScoreAdj,
    Duration configSyncPeriod) {

  /// `apiVersion` of the file.
  public static final String API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";

  /// `kind` of the file.
  public static final String KIND = "KubeProxyConfiguration";

  /// What counts where nothing is said.
  public static final KubeProxyConfiguration DEFAULT =
      new KubeProxyConfiguration(
          Collections.emptySortedMap(),
          ClientConnection.DEFAULT,
          Logging.DEFAULT,
          Identity.DEFAULT,
          StatusServers.DEFAULT,
          "",
          Iptables.DEFAULT,
          Ipvs.DEFAULT,
          Nftables.DEFAULT,
          Userspace.DEFAULT,
          Windows.DEFAULT,
          DetectLocal.DEFAULT,
          List.of(),
          Conntrack.DEFAULT,
          -999,
          Duration.ofMinutes(15));

  public KubeProxyConfiguration {
    featureGates = Collections.unmodifiableSortedMap(new TreeMap<>(featureGates));
    nodePortAddresses = List.copyOf(nodePortAddresses);
  }
}
