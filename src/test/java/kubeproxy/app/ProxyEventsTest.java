package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.engine.SyncEvent;
import kubeproxy.events.ProxyEvent;
import kubeproxy.events.Regarding;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import kubeproxy.status.HealthCheckServers;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

class ProxyEventsTest {
  private static final String UID = "8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d37";
  private static final Service SERVICE =
      Objects.service("shop/web").uid(UID).problem("spec").build();
  private static final ObjectKey OTHER = new ObjectKey("shop", "other");

  private final List<ProxyEvent> recorded = new ArrayList<>();
  private final ProxyEvents events = new ProxyEvents(recorded::add, "node-1");

  ProxyEventsTest() {
    ClusterSnapshot known =
        ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(List.of(SERVICE))).snapshot();
    events.watch(() -> known);
  }

  private void problems(IpFamily family, List<Problem> appeared) {
    events.on(new SyncEvent.ProblemsChanged(family, appeared, List.of()));
  }

  private List<Regarding> regarding() {
    return recorded.stream().map(ProxyEvent::regarding).toList();
  }

  @Test
  void aProblemIsOfTheServiceWithThatUid() {
    problems(IpFamily.IPV4, SERVICE.problems());
    assertThat(regarding()).containsExactly(Regarding.service(SERVICE.key(), UID));
  }

  @Test
  void soIsAHealthCheckThatCannotBeServed() {
    events.healthCheckFailed(new HealthCheckServers.Failure(SERVICE.key(), 31000, "in use"));
    events.healthCheckFailed(new HealthCheckServers.Failure(OTHER, 31001, "in use"));
    assertThat(regarding())
        .containsExactly(Regarding.service(SERVICE.key(), UID), Regarding.service(OTHER, ""));
  }

  @Test
  void whatBothFamiliesHaveIsToldOnce() {
    problems(IpFamily.IPV4, SERVICE.problems());
    problems(IpFamily.IPV6, SERVICE.problems());
    assertThat(recorded).hasSize(1);
  }
}
