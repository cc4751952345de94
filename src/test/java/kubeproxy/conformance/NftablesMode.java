package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

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
import kubeproxy.testing.scenario.Scenario.ObjectDocument;
import org.jspecify.annotations.Nullable;

/// The `nftables` mode.
final class NftablesMode implements ModeUnderTest {
  /// Upstream's default for `nftables.masqueradeBit`.
  static final int MASQUERADE_BIT = 14;

  static final int MASQUERADE_MARK = 1 << MASQUERADE_BIT;
  static final ModeOpener OPENER =
      NftablesParts.opener(MASQUERADE_BIT, Duration.ofSeconds(1), Logger.SILENT);

  private @Nullable Running running;

  /// A proxy, where it runs, and what it was told last.
  private static final class Running {
    private final NetworkNamespace node;
    private final NodeOptions options;
    private final ProxyUnderTest proxy;
    private List<String> documents = List.of();

    Running(NetworkNamespace node, NodeOptions options) throws Exception {
      this.node = node;
      this.options = options;
      this.proxy = ProxyUnderTest.start(OPENER, node, options);
    }
  }

  @Override
  public Set<Capability> lacking() {
    return EnumSet.noneOf(Capability.class);
  }

  @Override
  public void start(NetworkNamespace node, NodeOptions options) throws Exception {
    running = new Running(node, options);
  }

  @Override
  public void apply(List<ObjectDocument> objects) throws Exception {
    Running now = running();
    now.documents = objects.stream().map(ObjectDocument::yaml).toList();
    now.proxy.apply(now.documents);
    assertThat(now.proxy.troubles()).isEmpty();
  }

  /// Reads the kernel's maps back.
  @Override
  public List<String> installed(IpAddress address, int port, Protocol protocol) throws Exception {
    IpFamily family = address.family();
    Observed observed = KernelTables.observe(running().node, family);
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
    now.node.exec("nft", "list", "ruleset");
    now.proxy.expectNoFault();
    stop();
    try (ProxyUnderTest second = ProxyUnderTest.start(OPENER, now.node, now.options)) {
      second.apply(now.documents);
      assertThat(second.troubles()).isEmpty();
      for (IpFamily family : IpFamily.values()) {
        assertThat(second.operations(family)).as("operations of a new process").isZero();
      }
    }
  }

  @Override
  public void stop() {
    if (running != null) {
      running.proxy.close();
      running = null;
    }
  }

  @Override
  public void cleanUp(NetworkNamespace node) throws Exception {
    KernelTables.remove(node);
  }

  private Running running() {
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }
}
