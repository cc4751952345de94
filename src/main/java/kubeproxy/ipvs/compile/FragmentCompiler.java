package kubeproxy.ipvs.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.SetEntry.Element;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;

/// Compiles one Service.
///
/// A virtual server has one pool for all clients. With `externalTrafficPolicy: Local` that is the
/// local one, for pods of this node too; if there is none it is the whole one, for those whom the
/// rules let through: pods of this node and the node itself.
///
/// A frontend without endpoints is a virtual server without real servers, so that connections that
/// are open can end; new ones are refused by the rules.
public final class FragmentCompiler {
  private final CompileOptions options;

  public FragmentCompiler(CompileOptions options) {
    this.options = options;
  }

  /// The part of a Service.
  public Fragment compile(PlannedService service, NodeView node) {
    Draft draft = new Draft(node);
    service.ports().forEach(draft::port);
    if (service.healthCheckNodePort() != 0) {
      draft.add(IpSet.HEALTH_CHECK_NODE_PORT, new Element.Port(service.healthCheckNodePort()));
    }
    return draft.fragment();
  }

  private final class Draft {
    private final NodeView node;
    private final List<VirtualServer> servers = new ArrayList<>();
    private final Set<IpAddress> addresses = new TreeSet<>();
    private final Set<SetEntry> entries = new LinkedHashSet<>();

    Draft(NodeView node) {
      this.node = node;
    }

    Fragment fragment() {
      return new Fragment(servers, List.copyOf(addresses), List.copyOf(entries));
    }

    void add(IpSet set, Element element) {
      entries.add(new SetEntry(set, element));
    }

    void port(PlannedPort port) {
      for (Frontend frontend : port.frontends()) {
        IpAddress address = frontend.address();
        if (address == null) {
          nodePort(port, frontend);
        } else {
          addressed(port, frontend, address);
        }
      }
      for (Backend hairpin : port.hairpins()) {
        var place =
            new Element.AddressPort(hairpin.address(), port.name().protocol(), hairpin.port());
        add(IpSet.LOOP_BACK, new Element.AddressPortAddress(place, hairpin.address()));
      }
    }

    private void serve(PlannedPort port, Frontend frontend, IpAddress address, Pool pool) {
      servers.add(
          new VirtualServer(
              new ServerKey(address, frontend.protocol(), frontend.port()),
              Scheduling.of(options.scheduler(), port.affinityTimeoutSeconds()),
              pool.backends(),
              frontend.address() == null));
    }

    private void addressed(PlannedPort port, Frontend frontend, IpAddress address) {
      boolean clusterIp = frontend.kind() == FrontendKind.CLUSTER_IP;
      boolean bound = clusterIp || !node.ownAddresses().contains(address);
      if (bound) {
        addresses.add(address);
      }
      var place = new Element.AddressPort(address, frontend.protocol(), frontend.port());
      serve(port, frontend, address, pool(frontend.treatment()));
      switch (frontend.treatment()) {
        case Treatment.Reject() -> {
          // the rules refuse whatever else goes to a bound address
          if (!bound) {
            add(IpSet.REJECTED, place);
          }
          return;
        }
        case Treatment.Drop() -> {
          add(IpSet.DROPPED, place);
          return;
        }
        case Treatment.Internal _, Treatment.ExternalCluster _ -> {}
        case Treatment.ExternalLocal(Pool local, _) -> {
          if (local.isEmpty()) {
            add(IpSet.NO_LOCAL, place);
          }
        }
      }
      boolean onlyLocal = frontend.treatment() instanceof Treatment.ExternalLocal;
      switch (frontend.kind()) {
        case CLUSTER_IP -> add(IpSet.CLUSTER_IP, place);
        case EXTERNAL_IP -> add(onlyLocal ? IpSet.EXTERNAL_IP_LOCAL : IpSet.EXTERNAL_IP, place);
        case LOAD_BALANCER -> {
          add(IpSet.LOAD_BALANCER, place);
          if (onlyLocal) {
            add(IpSet.LOAD_BALANCER_LOCAL, place);
          }
          restrict(frontend, place);
        }
        case NODE_PORT -> throw new IllegalArgumentException("has no address: " + frontend);
      }
    }

    private void restrict(Frontend frontend, Element.AddressPort place) {
      if (frontend.allowedSources().isEmpty()) {
        return;
      }
      add(IpSet.LOAD_BALANCER_FW, place);
      for (IpPrefix source : frontend.allowedSources()) {
        if (source.equals(IpPrefix.ofSingle(place.address()))) {
          var itself = new Element.AddressPortAddress(place, place.address());
          add(IpSet.LOAD_BALANCER_SOURCE_IP, itself);
        } else {
          add(IpSet.LOAD_BALANCER_SOURCE_CIDR, new Element.AddressPortNet(place, source));
        }
      }
    }

    private void nodePort(PlannedPort port, Frontend frontend) {
      List<IpAddress> on = node.nodePortAddresses();
      on.forEach(address -> serve(port, frontend, address, pool(frontend.treatment())));
      if (frontend.treatment() instanceof Treatment.Reject) {
        addEverywhere(IpSet.REJECTED, frontend, on);
        return;
      }
      if (on.isEmpty()) {
        return;
      }
      addNodePort(frontend, on, IpSet.NODE_PORT_TCP, IpSet.NODE_PORT_UDP, IpSet.NODE_PORT_SCTP);
      if (frontend.treatment() instanceof Treatment.ExternalLocal(Pool local, _)) {
        addNodePort(
            frontend,
            on,
            IpSet.NODE_PORT_LOCAL_TCP,
            IpSet.NODE_PORT_LOCAL_UDP,
            IpSet.NODE_PORT_LOCAL_SCTP);
        if (local.isEmpty()) {
          addEverywhere(IpSet.NO_LOCAL, frontend, on);
        }
      }
    }

    private void addNodePort(
        Frontend frontend, List<IpAddress> on, IpSet tcp, IpSet udp, IpSet sctp) {
      switch (frontend.protocol()) {
        case TCP -> add(tcp, new Element.Port(frontend.port()));
        case UDP -> add(udp, new Element.Port(frontend.port()));
        case SCTP -> addEverywhere(sctp, frontend, on);
      }
    }

    private void addEverywhere(IpSet set, Frontend frontend, List<IpAddress> on) {
      for (IpAddress address : on) {
        add(set, new Element.AddressPort(address, frontend.protocol(), frontend.port()));
      }
    }

    private static Pool pool(Treatment treatment) {
      return switch (treatment) {
        case Treatment.Reject(), Treatment.Drop() -> Pool.EMPTY;
        case Treatment.Internal(Pool pool) -> pool;
        case Treatment.ExternalCluster(Pool pool) -> pool;
        case Treatment.ExternalLocal(Pool local, Pool cluster) -> local.isEmpty() ? cluster : local;
      };
    }
  }
}
