package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Kind;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Service;
import kubeproxy.testing.Objects;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.ModelTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes from a server that does as it should.
class ClusterSourceTest {
  private static final Service WEB =
      Objects.service("ns/web").created(1000).clusterIp("10.96.0.1").port("http", 80).build();
  private static final EndpointSlice PODS =
      Objects.slice("ns/web").port("http", 8080).endpoints("10.1.0.1", "10.1.0.2").build();
  private static final Node OURS =
      Objects.node(Follower.NODE).addresses("192.0.2.1").zone("a").build();

  static List<UnaryOperator<ClusterOptions>> ways() {
    return List.of(
        options -> options,
        Follower::json,
        Follower::listing,
        options -> Follower.json(Follower.listing(options)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givesTheInitialStateAndThenWhatChanges(UnaryOperator<ClusterOptions> way)
      throws IOException, InterruptedException {
    try (Follower follower = new Follower(way)) {
      follower.store.put(ModelTree.of(WEB));
      follower.store.put(ModelTree.of(PODS));
      follower.store.put(ModelTree.of(OURS));
      follower.store.put(ModelTree.of(Objects.node("other").addresses("192.0.2.2").build()));
      follower.store.put(ModelTree.of(Objects.serviceCidr("kubernetes", "10.96.0.0/16")));
      follower.start();
      follower.awaitSynced();

      assertThat(follower.objects().values())
          .containsExactlyInAnyOrder(
              WEB, PODS, OURS, Objects.serviceCidr("kubernetes", "10.96.0.0/16"));

      Service other =
          Objects.service("ns/api").created(1000).clusterIp("10.96.0.2").port("", 443).build();
      follower.store.put(ModelTree.of(other));
      follower.awaitHas(ObjectId.of(other));
      follower.store.delete(ApiKind.SERVICE, "ns/web");
      follower.awaitGone(ObjectId.of(WEB));

      assertThat(follower.objects()).containsEntry(ObjectId.of(other), other);
      assertThat(follower.syncedCount()).isOne();
      assertThat(follower.state(Kind.SERVICE).condition()).isEqualTo(Condition.CONNECTED);
      assertThat(follower.state(Kind.SERVICE).objects()).isOne();
      assertThat(follower.server.calls().of(call -> call.isWatchList()))
          .hasSize(way.apply(ClusterOptions.standard("")).streamInitialState() ? 4 : 0);
    }
  }

  @Test
  void asksOnlyForWhatANodeProxyNeeds() throws IOException, InterruptedException {
    try (Follower follower = new Follower(Follower::listing)) {
      follower.store.put(ModelTree.of(Objects.service("ns/headless").headless().build()));
      follower.store.put(
          ModelTree.of(
              Objects.service("ns/foreign").clusterIp("10.96.0.9").foreignProxy().build()));
      follower.start();
      follower.awaitSynced();

      assertThat(follower.objects()).isEmpty();
      for (ApiCall call : follower.server.calls().of(c -> c.isOf(ApiKind.SERVICE))) {
        assertThat(call.parameter("labelSelector"))
            .isEqualTo("!service.kubernetes.io/service-proxy-name");
        assertThat(call.parameter("fieldSelector")).isEqualTo("spec.clusterIP!=None");
      }
      for (ApiCall call : follower.server.calls().of(c -> c.isOf(ApiKind.ENDPOINT_SLICE))) {
        assertThat(call.parameter("labelSelector")).isEqualTo("!service.kubernetes.io/headless");
        assertThat(call.parameter("fieldSelector")).isEmpty();
      }
      for (ApiCall call : follower.server.calls().of(c -> c.isOf(ApiKind.NODE))) {
        assertThat(call.parameter("fieldSelector")).isEqualTo("metadata.name=" + Follower.NODE);
      }
      assertThat(follower.server.calls().of(ApiCall::isList))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.parameter("resourceVersion")).isEqualTo("0"))
          .allSatisfy(call -> assertThat(call.parameter("limit")).isEqualTo("500"));
    }
  }

  @Test
  void anObjectThatIsSelectedNoLongerIsGone() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower.store.put(ModelTree.of(WEB));
      follower.start();
      follower.awaitHas(ObjectId.of(WEB));

      Service foreign =
          Objects.service("ns/web")
              .created(1000)
              .clusterIp("10.96.0.1")
              .port("http", 80)
              .foreignProxy()
              .build();
      follower.store.put(ModelTree.of(foreign));

      follower.awaitGone(ObjectId.of(WEB));
    }
  }

  @Test
  void closingIsPromptAndNothingComesAfterwards() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower.start();
      follower.awaitSynced();
      follower.source().close();
      int deltas = follower.deltaCount();

      follower.store.put(ModelTree.of(WEB));
      follower.server.calls().of(ApiCall::isWatch);

      assertThat(follower.deltaCount()).isEqualTo(deltas);
      assertThat(follower.objects()).isEmpty();
    }
  }
}
