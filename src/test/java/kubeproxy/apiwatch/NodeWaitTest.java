package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectId;
import kubeproxy.testing.NodeBuilder;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

class NodeWaitTest {
  private static final Duration NEVER = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final NodeWait wait = new NodeWait("ours", System::nanoTime);

  private static NodeBuilder ours() {
    return Objects.node("ours");
  }

  private void put(Node node) {
    wait.observe(ClusterDelta.ofPut(List.of(node)));
  }

  @Test
  void aNodeWithAddressesIsReady() throws InterruptedException {
    Node node = ours().addresses("192.0.2.1").build();
    put(Objects.node("other").addresses("192.0.2.9").build());
    put(node);

    assertThat(wait.await(false, LONG, LONG)).isEqualTo(new NodeWait.Outcome.Ready(node));
    assertThat(wait.node()).contains(node);
  }

  @Test
  void aNodeThatComesLaterIsWaitedFor() throws InterruptedException {
    Node node = ours().addresses("192.0.2.1").build();
    Thread later =
        Thread.ofVirtual()
            .start(() -> {
              put(ours().build());
              put(node);
            });

    assertThat(wait.await(false, LONG, LONG)).isEqualTo(new NodeWait.Outcome.Ready(node));
    later.join();
  }

  @Test
  void withoutANodeTheProxyGoesOn() throws InterruptedException {
    assertThat(wait.await(false, NEVER, LONG))
        .isEqualTo(
            new NodeWait.Outcome.GoOn(Optional.empty(), "Timed out waiting for node to exist"));
  }

  @Test
  void withoutAddressesTheProxyGoesOn() throws InterruptedException {
    Node node = ours().build();
    put(node);

    assertThat(wait.await(false, NEVER, LONG))
        .isEqualTo(
            new NodeWait.Outcome.GoOn(
                Optional.of(node), "Timed out waiting for node to be assigned IPs"));
  }

  @Test
  void aNodeThatWentIsNotThere() throws InterruptedException {
    Node node = ours().addresses("192.0.2.1").build();
    put(node);
    wait.observe(ClusterDelta.ofRemoved(List.of(ObjectId.of(node))));

    assertThat(wait.node()).isEmpty();
    assertThat(wait.await(false, NEVER, LONG)).isInstanceOf(NodeWait.Outcome.GoOn.class);
  }

  @Test
  void withoutPodCidrsThatAreNeededTheProxyCannotGoOn() throws InterruptedException {
    assertThat(wait.await(true, NEVER, NEVER))
        .isEqualTo(new NodeWait.Outcome.Fatal("timeout waiting for node \"ours\" to exist"));

    put(ours().addresses("192.0.2.1").build());

    assertThat(wait.await(true, LONG, NEVER))
        .isEqualTo(
            new NodeWait.Outcome.Fatal("timeout waiting for PodCIDR allocation on node \"ours\""));
  }

  @Test
  void podCidrsAreWaitedFor() throws InterruptedException {
    Node node = ours().addresses("192.0.2.1").podCidrs("10.1.0.0/24").build();
    put(ours().addresses("192.0.2.1").build());
    Thread later = Thread.ofVirtual().start(() -> put(node));

    assertThat(wait.await(true, LONG, LONG)).isEqualTo(new NodeWait.Outcome.Ready(node));
    later.join();
  }

  @Test
  void closingEndsTheWait() throws InterruptedException {
    wait.close();

    assertThat(wait.await(true, LONG, LONG)).isEqualTo(new NodeWait.Outcome.Closed());
  }
}
