package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.app.IpvsParts;
import kubeproxy.app.IpvsParts.IpvsFamily;
import kubeproxy.app.ModeOpener;
import kubeproxy.dataplane.Capability;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.ipvs.apply.IpvsPort.Result;
import kubeproxy.ipvs.apply.KernelIpvs;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.sysctl.IpvsSettings;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import kubeproxy.testing.scenario.Scenario.ObjectDocument;

/// The `ipvs` mode, with the legacy variant of iptables: the kernel that has virtual servers has no
/// other.
final class IpvsMode extends OneProxy {
  /// Nothing is waited for that long.
  private static final Duration PERIOD = Duration.ofMinutes(5);

  /// A kernel that is an ordinary process is slow to start processes, and rules of this mode depend
  /// on no Service: one restart in so many is looked at.
  private static final int VERIFY_ONE_IN = 8;

  private final Programs tools = new RememberedTables(Programs.ofHost());
  private int verifications;

  /// Our Node as it was last: as long as there is one, the node's settings stay as they are, and
  /// need not be read back.
  private List<String> ownNode = List.of();

  /// Whether the proxy is to be ended before it is started again.
  private boolean stopped;

  /// The opener for a node.
  ///
  /// @param period between two looks at what is installed
  static ModeOpener opener(Duration period, String scheduler, Ownership ownership) {
    return opener(Programs.ofHost(), period, scheduler, ownership);
  }

  private static ModeOpener opener(
      Programs programs, Duration period, String scheduler, Ownership ownership) {
    Map<IpFamily, IpvsFamily> families = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      families.put(
          family,
          new IpvsFamily(
              IptablesMode.tools(Variant.LEGACY, family),
              new CompileOptions(family, scheduler, NftablesMode.MASQUERADE_MARK)));
    }
    return IpvsParts.opener(new IpvsParts.Settings(programs, families, ownership, period));
  }

  private static ModeOpener opener(Programs programs) {
    return opener(programs, PERIOD, "rr", new Ownership(List.of()));
  }

  /// Sets what `--init-only` sets.
  static void prepare(NetworkNamespace node) throws Exception {
    List<Setting> settings = node.run(() -> Sysctl.ofKernel().apply(new IpvsSettings(false)));
    assertThat(settings).noneMatch(Setting.Failed.class::isInstance);
  }

  /// Endpoints take turns, and there are five at most.
  @Override
  public int leastConnections() {
    return 6;
  }

  @Override
  public Set<Capability> lacking() {
    return EnumSet.of(
        Capability.LOCALHOST_NODE_PORTS,
        Capability.LOCALHOST_NODE_PORTS_IPV6,
        Capability.SHORT_CIRCUIT,
        Capability.AFFINITY_ENDS_IN_TIME);
  }

  @Override
  public void start(NetworkNamespace node, NodeOptions options) throws Exception {
    Running before = runningIfAny();
    if (stopped || (before != null && !before.options().equals(options))) {
      end();
    }
    if (runningIfAny() == null) {
      prepare(node);
      start(opener(tools), node, options);
    }
    stopped = false;
  }

  @Override
  public void apply(List<ObjectDocument> objects) throws Exception {
    super.apply(objects);
    ownNode =
        objects.stream()
            .filter(object -> object.identity().kind().equals("Node"))
            .map(ObjectDocument::yaml)
            .toList();
    RoutedAddresses.await(running().node(), KernelIpvs.LINK);
  }

  @Override
  public List<String> installed(IpAddress address, int port, Protocol protocol) throws Exception {
    return running()
        .node()
        .run(() -> {
          try (KernelIpvs kernel = KernelIpvs.open(address.family())) {
            return kernel.realServers(new ServerKey(address, protocol, port)).stream()
                .filter(server -> server.weight() > 0)
                .map(server -> server.backend().toString())
                .toList();
          }
        });
  }

  /// Another process finds nothing to change.
  @Override
  public void verify() throws Exception {
    Running now = running();
    now.proxy().expectNoFault();
    if (verifications++ % VERIFY_ONE_IN > 0) {
      return;
    }
    end();
    now.expectNothingToChange(opener(Programs.ofHost()));
  }

  @Override
  public void stop() {
    stopped = true;
  }

  /// Removes what belongs to Services: by the proxy, which goes on for the next scenario if that
  /// wants the same of it, or else without it. Rules depend on no Service and stay.
  @Override
  public void cleanUp(NetworkNamespace node) throws Exception {
    Running before = runningIfAny();
    if (before != null && before.options().addresses().isEmpty()) {
      before.proxy().apply(ownNode);
      if (before.proxy().troubles().isEmpty()) {
        stopped = false;
        return;
      }
    }
    end();
    removeAll(node);
  }

  /// Removes all virtual servers, addresses and entries of sets; rules stay.
  static void removeAll(NetworkNamespace node) throws Exception {
    node.run(() -> {
      for (IpFamily family : IpFamily.values()) {
        removeAll(family);
      }
      return node;
    });
  }

  private static void removeAll(IpFamily family) throws IOException {
    try (KernelIpvs kernel = KernelIpvs.open(family)) {
      Observed observed = kernel.observe();
      List<Operation> removals = new ArrayList<>();
      observed.servers().keySet().stream().map(Operation.RemoveServer::new).forEach(removals::add);
      observed.bound().stream().map(Operation.RemoveAddress::new).forEach(removals::add);
      observed.entries().stream().map(Operation.RemoveEntry::new).forEach(removals::add);
      assertThat(kernel.apply(removals)).allMatch(Result.Done.class::isInstance);
    }
  }
}
