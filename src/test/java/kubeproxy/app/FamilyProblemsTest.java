package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.engine.SyncEvent.ProblemsChanged;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

/// Problems that both families have are told once, and the others too.
class FamilyProblemsTest {
  private static final Problem SHARED = problem("spec.ports");
  private static final Problem OWN = problem("spec.clusterIP");

  private final FamilyProblems problems = new FamilyProblems();

  private static Problem problem(String field) {
    return new Problem(
        "Service", Objects.key("ns/web"), field, "", Problem.Reason.UNSUPPORTED, "not served");
  }

  private FamilyProblems.Changes follow(
      IpFamily family, List<Problem> appeared, List<Problem> cleared) {
    return problems.follow(new ProblemsChanged(family, appeared, cleared));
  }

  @Test
  void tellsWhatIsNewInAnyFamilyAndGoneFromAll() {
    assertThat(follow(IpFamily.IPV4, List.of(SHARED), List.of()).appeared())
        .containsExactly(SHARED);
    assertThat(follow(IpFamily.IPV6, List.of(SHARED, OWN), List.of()).appeared())
        .containsExactly(OWN);
    assertThat(follow(IpFamily.IPV4, List.of(), List.of(SHARED)).cleared()).isEmpty();
    assertThat(follow(IpFamily.IPV6, List.of(), List.of(SHARED, OWN)).cleared())
        .containsExactly(SHARED, OWN);
    assertThat(follow(IpFamily.IPV4, List.of(SHARED), List.of()).appeared())
        .containsExactly(SHARED);
  }
}
