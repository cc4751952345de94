package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kubeproxy.app.ModeOpener;
import kubeproxy.app.NftablesParts;
import kubeproxy.app.UserspaceParts;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.relay.PortChoice;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;

/// The `userspace` mode with one kind of rules that lead to the relay.
final class UserspaceMode extends OneProxy {
  /// Beginnings of the names of scenarios that rules decide.
  private static final List<String> CHOSEN =
      List.of(
          "pods are recognised by the cluster CIDR",
          "node ports answer on",
          "localhost node ports",
          "a UDP flow from before",
          "without endpoints",
          "source ranges");

  private final Portals portals;

  /// Who writes the rules.
  enum Portals {
    IPTABLES_NFT,
    IPTABLES_LEGACY,
    NFTABLES
  }

  UserspaceMode(Portals portals) {
    this.portals = portals;
  }

  /// The opener for any node.
  static ModeOpener opener(Portals portals) {
    return opener(portals, new PortChoice.AnyFree());
  }

  /// The opener for any node.
  ///
  /// @param ports for what rules lead to
  static ModeOpener opener(Portals portals, PortChoice ports) {
    ModeOpener rules =
        switch (portals) {
          case IPTABLES_NFT -> IptablesMode.opener(Variant.NF_TABLES, false);
          case IPTABLES_LEGACY -> IptablesMode.opener(Variant.LEGACY, false);
          case NFTABLES -> NftablesParts.opener(NftablesMode.MASQUERADE_BIT);
        };
    ProxyMode writer = portals == Portals.NFTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
    return UserspaceParts.opener(
        new UserspaceParts.How(Optional.empty(), ports, Duration.ofSeconds(5), Logger.SILENT),
        List.of(new UserspaceParts.Rules(EnumSet.allOf(IpFamily.class), writer, rules)));
  }

  @Override
  public Set<Capability> lacking() {
    Set<Capability> lacking =
        EnumSet.of(
            Capability.SOURCE_ADDRESS_PRESERVED,
            Capability.STATE_OUTLIVES_PROCESS,
            Capability.SCTP);
    if (portals != Portals.NFTABLES) {
      lacking.add(Capability.CLUSTER_IP_GUARD);
    }
    return lacking;
  }

  /// What leads to the relay differs, and what it does does not.
  @Override
  public boolean runs(String scenario) {
    return portals == Portals.IPTABLES_NFT || CHOSEN.stream().anyMatch(scenario::startsWith);
  }

  @Override
  public void start(NetworkNamespace node, NodeOptions options) throws Exception {
    node.exec("sh", "-c", "echo 0 >/proc/sys/net/ipv4/conf/all/route_localnet");
    start(opener(portals), node, options);
  }

  /// Without SCTP in the kernel nothing is installed for it.
  @Override
  public List<String> installed(IpAddress address, int port, Protocol protocol) {
    return List.of();
  }

  @Override
  public void verify() {
    running().proxy().expectNoFault();
  }

  @Override
  public void cleanUp(NetworkNamespace node) throws Exception {
    if (portals == Portals.NFTABLES) {
      KernelTables.remove(node);
      return;
    }
    CleanupResult result = node.run(() -> new IptablesCleanup(Programs.ofHost()).cleanUp());
    assertThat(result.failures()).isEmpty();
  }
}
