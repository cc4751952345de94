package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.route.Links;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is no obstacle to the mode, in a kernel that has all it needs.
@Tag("ipvs")
class IpvsObstacleTest {

  @Test
  void aModuleThatTheKernelDoesNotLoadByItselfIsLoaded() throws Exception {
    List<String> called = new ArrayList<>();
    Programs programs =
        (call, _) -> {
          called.add(call.toString());
          return new ProgramEnd.Exited(0, "", "");
        };
    try (NetworkNamespace node = NetworkNamespace.create()) {
      Optional<String> obstacle =
          node.run(() ->
              IpvsHost.obstacle(
                  programs, () -> called.isEmpty() ? Optional.empty() : IpvsTable.open()));
      assertThat(obstacle).isEmpty();
      assertThat(called).containsExactly("modprobe ip_vs");
      assertThat(node.run(() -> IpvsHost.obstacle(programs))).isEmpty();
      assertThat(called).as("not asked for what is there").hasSize(1);
    }
  }

  @Test
  void theInterfaceOfATrialThatWasCutShortIsRemoved() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      assertThat(node.run(() -> Links.addDummy("kube-proxy-try"))).isEmpty();
      assertThat(node.run(() -> IpvsHost.obstacle(Programs.ofHost()))).isEmpty();
      assertThat(node.run(() -> Links.get("kube-proxy-try"))).isEmpty();
    }
  }
}
