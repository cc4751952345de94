package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.engine.SyncEvent.ProblemsChanged;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

/// What a data plane cannot carry out is told when it changes.
class ShortcomingsTest {
  private static final Problem FIRST = problem("30080/TCP");
  private static final Problem SECOND = problem("30081/TCP");

  private final List<SyncEvent> events = new ArrayList<>();
  private final Shortcomings shortcomings = new Shortcomings(IpFamily.IPV4, events::add);

  private static Problem problem(String value) {
    return new Problem(
        "Service", Objects.key("ns/a"), "spec", value, Problem.Reason.UNSUPPORTED, "no");
  }

  @Test
  void onlyDifferencesAreTold() {
    shortcomings.follow(List.of());
    assertThat(events).isEmpty();
    shortcomings.follow(List.of(FIRST));
    shortcomings.follow(List.of(FIRST));
    shortcomings.follow(List.of(SECOND));
    shortcomings.follow(List.of());
    assertThat(events)
        .containsExactly(
            new ProblemsChanged(IpFamily.IPV4, List.of(FIRST), List.of()),
            new ProblemsChanged(IpFamily.IPV4, List.of(SECOND), List.of(FIRST)),
            new ProblemsChanged(IpFamily.IPV4, List.of(), List.of(SECOND)));
  }
}
