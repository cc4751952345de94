package kubeproxy.nftables.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.nftables.program.Comments;
import kubeproxy.nftables.program.Destination;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Slots;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;

/// Compiles one Service. The same Service always gives the same fragment.
public final class FragmentCompiler {
  private static final ElementValue DROP = new ElementValue.Drop();
  private static final ElementValue REJECT = new ElementValue.Goto(Chains.REJECT);

  private final Keys keys;

  /// A compiler for one family.
  public FragmentCompiler(IpFamily family) {
    this.keys = new Keys(family);
  }

  /// The fragment of a Service.
  public Fragment compile(PlannedService service) {
    Draft draft = new Draft();
    for (IpAddress clusterIp : service.ownedClusterIps()) {
      draft.elements.add(Element.of(NamedSet.CLUSTER_IPS, keys.address(clusterIp)));
    }
    for (PlannedPort port : service.ports()) {
      String comment = Comments.fit(port.name().toString());
      for (Frontend frontend : port.frontends()) {
        new FrontendDraft(draft, frontend, port.affinityTimeoutSeconds(), comment).compile();
      }
      for (Backend hairpin : port.hairpins()) {
        Key key = keys.hairpin(hairpin, port.name().protocol());
        draft.elements.add(Element.of(NamedSet.HAIRPIN_CONNECTIONS, key));
      }
    }
    return new Fragment(draft.elements, draft.slots, draft.shapes);
  }

  private static final class Draft {
    final List<Element> elements = new ArrayList<>();
    final List<Slots> slots = new ArrayList<>();
    final Set<ShapeChain> shapes = new TreeSet<>();
  }

  private final class FrontendDraft {
    private final Draft draft;
    private final Frontend frontend;
    private final int affinityTimeoutSeconds;
    private final String comment;
    private final Destination destination;
    private final Key key;

    FrontendDraft(Draft draft, Frontend frontend, int affinityTimeoutSeconds, String comment) {
      this.draft = draft;
      this.frontend = frontend;
      this.affinityTimeoutSeconds = affinityTimeoutSeconds;
      this.comment = comment;
      IpAddress address = frontend.address();
      this.destination = address == null ? Destination.NODE_PORT : Destination.ADDRESS;
      this.key =
          address == null
              ? keys.nodePort(frontend.protocol(), frontend.port())
              : keys.destination(address, frontend.protocol(), frontend.port());
    }

    void compile() {
      switch (frontend.treatment()) {
        case Treatment.Reject() -> put(destination.noEndpoint(), REJECT);
        case Treatment.Drop() -> put(destination.noEndpoint(), DROP);
        case Treatment.Internal(Pool pool) -> {
          lead(new ShapeChain.Pick(destination.endpoints(), capacity(pool), affinity()));
          balance(destination.endpoints(), pool);
          learn(pool.backends(), false);
        }
        case Treatment.ExternalCluster(Pool pool) -> {
          lead(new ShapeChain.External(destination, capacity(pool), affinity()));
          balance(destination.endpoints(), pool);
          learn(pool.backends(), false);
        }
        case Treatment.ExternalLocal(Pool local, Pool cluster) -> externalLocal(local, cluster);
      }
      firewall();
    }

    private void externalLocal(Pool local, Pool cluster) {
      lead(
          new ShapeChain.ExternalLocal(
              destination, capacity(cluster), capacity(local), affinity()));
      balance(destination.endpoints(), cluster);
      if (local.isEmpty()) {
        // What was not short-circuited has not been translated and still matches there.
        put(destination.noEndpoint(), DROP);
      } else {
        balance(destination.localEndpoints(), local);
      }
      Set<Backend> isLocal = Set.copyOf(local.backends());
      learn(local.backends(), true);
      learn(cluster.backends().stream().filter(b -> !isLocal.contains(b)).toList(), false);
    }

    private static int capacity(Pool pool) {
      return ShapeChain.Pick.capacityFor(pool.size());
    }

    private boolean affinity() {
      return affinityTimeoutSeconds > 0;
    }

    private void lead(ShapeChain shape) {
      put(destination.dispatch(), new ElementValue.Goto(shape.chain()));
      draft.shapes.add(shape);
    }

    private void balance(NamedSet endpoints, Pool pool) {
      draft.slots.add(new Slots(endpoints, key, pool.backends()));
    }

    private void learn(List<Backend> backends, boolean local) {
      if (affinityTimeoutSeconds == 0 || backends.isEmpty()) {
        return;
      }
      ShapeChain chain = new ShapeChain.Remember(affinityTimeoutSeconds, local);
      draft.shapes.add(chain);
      ElementValue remember = new ElementValue.Goto(chain.chain());
      for (Backend backend : backends) {
        draft.elements.add(learner(backend, remember));
      }
    }

    private Element learner(Backend backend, ElementValue remember) {
      IpAddress address = frontend.address();
      if (address == null) {
        return Element.of(
            NamedSet.NODEPORT_AFFINITY_LEARNERS,
            keys.nodePortAndBackend(frontend.protocol(), frontend.port(), backend),
            remember);
      }
      return Element.of(
          NamedSet.AFFINITY_LEARNERS,
          keys.destinationAndBackend(address, frontend.protocol(), frontend.port(), backend),
          remember);
    }

    private void firewall() {
      IpAddress address = frontend.address();
      if (address == null || frontend.allowedSources().isEmpty()) {
        return;
      }
      draft.elements.add(new Element(NamedSet.FIREWALL_IPS, key, null, null, comment));
      for (IpPrefix source : frontend.allowedSources()) {
        Key first = sourceKey(address, source.address());
        Key last = sourceKey(address, source.last());
        draft.elements.add(new Element(NamedSet.FIREWALL_SOURCES, first, last, null, comment));
      }
    }

    private Key sourceKey(IpAddress address, IpAddress source) {
      return keys.destinationAndSource(address, frontend.protocol(), frontend.port(), source);
    }

    private void put(NamedSet set, ElementValue value) {
      draft.elements.add(new Element(set, key, null, value, comment));
    }
  }
}
