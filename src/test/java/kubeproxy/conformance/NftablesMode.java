package kubeproxy.conformance;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import kubeproxy.app.ModeOpener;
import kubeproxy.app.NftablesParts;
import kubeproxy.dataplane.Capability;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Observed.ObservedSet;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;

/// The `nftables` mode.
final class NftablesMode extends OneProxy {
  /// Upstream's default for `nftables.masqueradeBit`.
  static final int MASQUERADE_BIT = 14;

  static final int MASQUERADE_MARK = 1 << MASQUERADE_BIT;
  static final ModeOpener OPENER =
      NftablesParts.opener(MASQUERADE_BIT, Duration.ofSeconds(1), Logger.SILENT);

  @Override
  public Set<Capability> lacking() {
    return EnumSet.noneOf(Capability.class);
  }

  @Override
  public void start(NetworkNamespace node, NodeOptions options) throws Exception {
    start(OPENER, node, options);
  }

  /// Reads the kernel's maps back.
  @Override
  public List<String> installed(IpAddress address, int port, Protocol protocol) throws Exception {
    IpFamily family = address.family();
    Observed observed = KernelTables.observe(running().node(), family);
    Key destination =
        Key.builder(NamedSet.SERVICE_IPS.keyBytes(family))
            .address(address)
            .protocol(protocol)
            .port(port)
            .build();
    boolean served =
        elements(observed, NamedSet.SERVICE_IPS).stream()
            .anyMatch(element -> element.key().equals(destination));
    return elements(observed, NamedSet.SERVICE_ENDPOINTS).stream()
        .filter(element -> served)
        .filter(element -> element.key().prefix(destination.length()).equals(destination))
        .map(element -> backend(element, family))
        .toList();
  }

  private static String backend(Element element, IpFamily family) {
    return element.value() instanceof ElementValue.Data(Key bytes)
        ? bytes.toBackend(family).toString()
        : "no endpoint: " + element;
  }

  private static List<Element> elements(Observed observed, NamedSet set) {
    ObservedSet found = observed.sets().get(set);
    return found == null ? List.of() : found.elements();
  }

  /// The `nft` tool can list everything, and another process finds nothing to change.
  @Override
  public void verify() throws Exception {
    Running now = running();
    now.node().exec("nft", "list", "ruleset");
    now.proxy().expectNoFault();
    stop();
    now.expectNothingToChange(OPENER);
  }

  @Override
  public void cleanUp(NetworkNamespace node) throws Exception {
    KernelTables.remove(node);
  }
}
