package kubeproxy.app;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kubeproxy.config.StartupChecks;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;

/// Holds the configuration against our Node, once its addresses are known, and warns of what fits
/// badly. Used by the sync thread.
final class StartupCheckLog implements SyncObserver {
  private static final String NODE_CIDR = "NodeCIDR";

  private final String nodeName;
  private final ModeSelection selection;
  private final KubeProxyConfiguration configuration;
  private final Logger log;
  private final Consumer<String> fatal;
  private Supplier<ClusterSnapshot> snapshot = () -> ClusterSnapshot.EMPTY;
  private boolean done;

  /// @param fatal is told why this node cannot be proxied with this configuration
  StartupCheckLog(
      String nodeName,
      ModeSelection selection,
      KubeProxyConfiguration configuration,
      Logger log,
      Consumer<String> fatal) {
    this.nodeName = nodeName;
    this.selection = selection;
    this.configuration = configuration;
    this.log = log;
    this.fatal = fatal;
  }

  /// Tells where the cluster is known, before the first event.
  void watch(Supplier<ClusterSnapshot> known) {
    snapshot = known;
  }

  @Override
  public void on(SyncEvent event) {
    if (done || !(event instanceof SyncEvent.Folded)) {
      return;
    }
    Node node = snapshot.get().node(nodeName);
    if (node != null && !node.addresses().isEmpty()) {
      done = true;
      check(node);
    }
  }

  private void check(Node node) {
    IpFamily primary = node.addresses().getFirst().family();
    boolean dualStack = selection.families().size() == 2;
    boolean byPodCidr = configuration.detectLocal().mode().equals(NODE_CIDR);
    StartupChecks.Findings findings =
        StartupChecks.check(
            configuration,
            selection.mode(),
            new StartupChecks.Node(
                primary,
                dualStack,
                firstOfEach(node.addresses()),
                byPodCidr ? node.podCidrs() : List.of()));
    findings.warnings().forEach(warning -> log.warn(StartupChecks.HEADLINE, "err", warning));
    findings.fatal().ifPresent(fatal);
  }

  /// The node's address of each family.
  private static List<IpAddress> firstOfEach(List<IpAddress> addresses) {
    IpAddress primary = addresses.getFirst();
    return Stream.concat(
            Stream.of(primary),
            addresses.stream().filter(other -> other.family() != primary.family()).limit(1))
        .toList();
  }
}
