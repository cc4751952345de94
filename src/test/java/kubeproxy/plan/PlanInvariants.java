package kubeproxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// What the compilers of all modes rely on.
final class PlanInvariants {
  private record Hairpin(Backend backend, Protocol protocol) {}

  private record Place(@Nullable IpAddress address, Protocol protocol, int port) {}

  private final NodePlan plan;
  private final Set<Place> places = new HashSet<>();
  private final Set<Hairpin> hairpins = new HashSet<>();
  private final Set<IpAddress> clusterIps = new HashSet<>();
  private final Set<Integer> healthPorts = new HashSet<>();

  private PlanInvariants(NodePlan plan) {
    this.plan = plan;
  }

  static void check(NodePlan plan) {
    PlanInvariants invariants = new PlanInvariants(plan);
    assertDisjoint(plan.settings().serviceCidrs());
    plan.services().forEach((_, service) -> invariants.check(service));
    plan.problems()
        .forEach((key, problems) -> {
          assertThat(problems).as("problems of %s", key).isNotEmpty();
          assertAscending(problems);
        });
  }

  private void check(PlannedService service) {
    assertThat(service.ports()).isNotEmpty();
    assertThat(service.ports().stream().map(PlannedPort::name)).doesNotHaveDuplicates();
    for (IpAddress address : service.ownedClusterIps()) {
      assertThat(clusterIps.add(address)).as("owned once: %s", address).isTrue();
    }
    if (service.healthCheckNodePort() != 0) {
      assertThat(healthPorts.add(service.healthCheckNodePort())).isTrue();
    }
    service.ports().forEach(this::check);
  }

  private void check(PlannedPort port) {
    Protocol protocol = port.name().protocol();
    assertAscending(port.frontends().stream().map(Frontend::kind).map(Enum::ordinal).toList(), 0);
    for (Frontend frontend : port.frontends()) {
      assertThat(frontend.protocol()).isEqualTo(protocol);
      assertThat(places.add(new Place(frontend.address(), protocol, frontend.port())))
          .as("%s of %s is nobody else's", frontend, port.name())
          .isTrue();
      assertDisjoint(frontend.allowedSources());
      check(frontend.treatment());
    }
    for (Backend hairpin : port.hairpins()) {
      assertThat(hairpins.add(new Hairpin(hairpin, protocol))).as("%s", hairpin).isTrue();
    }
    assertAscending(port.hairpins());
    assertAscending(port.serving());
    if (protocol != Protocol.UDP) {
      assertThat(port.serving()).isEmpty();
    }
  }

  private void check(Treatment treatment) {
    switch (treatment) {
      case Treatment.Reject(), Treatment.Drop() -> {}
      case Treatment.Internal(Pool pool) -> check(pool);
      case Treatment.ExternalCluster(Pool pool) -> check(pool);
      case Treatment.ExternalLocal(Pool local, Pool cluster) -> {
        assertAscending(local.backends());
        check(cluster);
      }
    }
  }

  private void check(Pool pool) {
    assertThat(pool.isEmpty()).isFalse();
    assertAscending(pool.backends());
    assertThat(pool.backends())
        .allSatisfy(one -> assertThat(one.address().family()).isEqualTo(plan.family()));
  }

  private static void assertDisjoint(List<IpPrefix> prefixes) {
    for (int i = 1; i < prefixes.size(); i++) {
      assertThat(prefixes.get(i - 1).last()).isLessThan(prefixes.get(i).address());
    }
  }

  private static <T extends Comparable<? super T>> void assertAscending(List<T> list) {
    assertAscending(list, 1);
  }

  private static <T extends Comparable<? super T>> void assertAscending(List<T> list, int least) {
    for (int i = 1; i < list.size(); i++) {
      assertThat(Integer.signum(list.get(i).compareTo(list.get(i - 1))))
          .as("order of %s", list)
          .isGreaterThanOrEqualTo(least);
    }
  }
}
