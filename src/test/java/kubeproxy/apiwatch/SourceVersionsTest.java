package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.testing.Objects;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.Fault;
import kubeproxy.testing.api.ModelTree;
import kubeproxy.testing.api.Personality;
import org.junit.jupiter.api.Test;

/// Servers of several versions, and those that become another while we watch.
class SourceVersionsTest {
  private static final EndpointSlice SLICE =
      Objects.slice("ns/web").port("http", 8080).endpoint("10.1.0.1", Objects.on("node-7")).build();

  /// Watches are short: one that comes too early to ask for something better must end.
  private static Follower on(Personality personality) throws IOException, InterruptedException {
    WatchPacing pacing = Follower.hurried().withWatchAtLeast(Duration.ofSeconds(1));
    Follower follower = new Follower(options -> options.withPacing(pacing));
    follower.api.become(personality);
    follower.put("web", 80);
    follower.store.put(ModelTree.of(SLICE));
    follower.store.put(ModelTree.endpoints("ns", "web", 8080, "10.1.0.1", "10.1.0.2"));
    follower.start().awaitSynced();
    return follower;
  }

  private static Set<String> slices(Follower follower) {
    return follower.objects().keySet().stream()
        .filter(id -> id.kind() == Kind.ENDPOINT_SLICE)
        .map(id -> id.key().toString())
        .collect(Collectors.toSet());
  }

  private static String resource(Follower follower, Kind kind) {
    return follower.state(kind).resource();
  }

  @Test
  void theBestVersionIsTaken() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.current())) {
      assertThat(resource(follower, Kind.ENDPOINT_SLICE))
          .isEqualTo("/apis/discovery.k8s.io/v1/endpointslices");
      assertThat(resource(follower, Kind.SERVICE_CIDR))
          .isEqualTo("/apis/networking.k8s.io/v1/servicecidrs");
    }
  }

  @Test
  void anOldServerHasSlicesInTheirBetaVersion() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.of119())) {
      assertThat(resource(follower, Kind.ENDPOINT_SLICE))
          .isEqualTo("/apis/discovery.k8s.io/v1beta1/endpointslices");
      assertThat(follower.objects()).containsEntry(ObjectId.of(SLICE), SLICE);
      assertThat(follower.state(Kind.SERVICE_CIDR).condition()).isEqualTo(Condition.NOT_SERVED);
      assertThat(follower.state(Kind.SERVICE_CIDR).absent()).isTrue();
    }
  }

  @Test
  void anOlderServerHasEndpointsOnly() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.of117())) {
      assertThat(resource(follower, Kind.ENDPOINT_SLICE)).isEqualTo("/api/v1/endpoints");
      assertThat(slices(follower)).containsExactly("ns/web/subset-0-IPv4");

      follower.store.put(ModelTree.endpoints("ns", "web", 8080, "2001:db8::1", "10.1.0.1"));
      follower.await("two families", () -> slices(follower).size() == 2);
      follower.store.put(ModelTree.endpoints("ns", "web", 8080, "2001:db8::1"));
      follower.await("one family", () -> slices(follower).equals(Set.of("ns/web/subset-0-IPv6")));
      follower.store.delete(ApiKind.ENDPOINTS, "ns/web");
      follower.await("none", () -> slices(follower).isEmpty());
    }
  }

  /// The API is there, but not all endpoints are in it.
  @Test
  void slicesOfServersThatDoNotFillThemAreNotTaken() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.of118())) {
      assertThat(resource(follower, Kind.ENDPOINT_SLICE)).isEqualTo("/api/v1/endpoints");
      assertThat(slices(follower)).containsExactly("ns/web/subset-0-IPv4");

      follower.api.become(Personality.of119());
      follower.server.cutAll();
      follower.await("on slices", () -> slices(follower).equals(Set.of("ns/web-slice")));
    }
  }

  @Test
  void slicesOfOldServersAreTakenIfToldSo() throws IOException, InterruptedException {
    try (Follower follower =
        new Follower(o ->
            new ClusterOptions(o.nodeName(), true, true, true, o.accept(), true, o.pacing()))) {
      follower.api.become(Personality.of118());
      follower.store.put(ModelTree.of(SLICE));
      follower.start().awaitSynced();

      assertThat(slices(follower)).containsExactly("ns/web-slice");
    }
  }

  @Test
  void aServerThatHidesItsVersionIsTakenForANewerOne() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower
          .server
          .faults()
          .always(
              call -> call.path().equals("/version"), new Fault.Refusal(403, "Forbidden", "", 0));
      follower.api.become(Personality.of118());
      follower.store.put(ModelTree.of(SLICE));
      follower.start().awaitSynced();

      assertThat(slices(follower)).containsExactly("ns/web-slice");
    }
  }

  @Test
  void withoutSlicesWantedOnlyEndpointsAreRead() throws IOException, InterruptedException {
    try (Follower follower =
        new Follower(o ->
            new ClusterOptions(o.nodeName(), false, false, false, o.accept(), true, o.pacing()))) {
      follower.store.put(ModelTree.endpoints("ns", "web", 8080, "10.1.0.1"));
      follower.start().awaitSynced();

      assertThat(slices(follower)).containsExactly("ns/web/subset-0-IPv4");
      assertThat(follower.source().states()).hasSize(3);
    }
  }

  @Test
  void aServerThatCannotSelectByAddressIsAskedLikeBefore()
      throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower
          .server
          .faults()
          .always(
              call -> call.parameter("fieldSelector").startsWith("spec.clusterIP"),
              new Fault.Refusal(400, "BadRequest", "field label not supported: spec.clusterIP", 0));
      follower.put("web", 80);
      follower.start().awaitSynced();
      follower.put("web", 81);
      follower.awaitPort("web", 81);

      assertThat(follower.server.calls().of(Follower::servicesWatch).getLast().query())
          .containsEntry(
              "labelSelector",
              "!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless")
          .doesNotContainKey("fieldSelector");
    }
  }

  /// At no moment is the Service without endpoints.
  @Test
  void anUpgradeIsNoticedAndTheOldObjectsGoWithTheArrivalOfTheNew()
      throws IOException, InterruptedException {
    try (Follower follower = on(Personality.of117())) {
      follower.api.become(Personality.current());
      follower.server.cutAll();
      follower.awaitHas(ObjectId.of(SLICE));

      assertThat(slices(follower)).containsExactly("ns/web-slice");

      follower.await("cut again", () -> follower.state(Kind.SERVICE).connected());
      ClusterDelta last =
          follower.deltas().stream()
              .filter(delta -> delta.changes().containsKey(ObjectId.of(SLICE)))
              .findFirst()
              .orElseThrow();
      Map<ObjectId, Optional<ClusterObject>> changes = last.changes();
      assertThat(changes).hasSize(2);
      assertThat(changes.values()).contains(Optional.empty(), Optional.of(SLICE));
    }
  }

  @Test
  void aDowngradeIsNoticedToo() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.current())) {
      follower.api.become(Personality.of117());
      follower.server.cutAll();
      follower.await("on Endpoints", () -> slices(follower).equals(Set.of("ns/web/subset-0-IPv4")));
      follower.api.become(Personality.of119());
      follower.server.cutAll();
      follower.await("on slices", () -> slices(follower).equals(Set.of("ns/web-slice")));
    }
  }

  /// Roles of old clusters do not name ServiceCIDRs, so what is not there is refused.
  @Test
  void aRefusalOfWhatIsNotThereIsNotARefusal() throws IOException, InterruptedException {
    try (Follower follower = new Follower()) {
      follower.api.become(Personality.of125());
      follower
          .server
          .faults()
          .always(
              call -> call.isOf(ApiKind.SERVICE_CIDR), new Fault.Refusal(403, "Forbidden", "", 0));
      follower.start().awaitSynced();
      follower.await(
          "not served",
          () -> follower.state(Kind.SERVICE_CIDR).condition() == Condition.NOT_SERVED);
    }
  }

  @Test
  void serviceCidrsThatComeWithAnUpgradeAreRead() throws IOException, InterruptedException {
    try (Follower follower = on(Personality.of125())) {
      follower.store.put(ModelTree.of(Objects.serviceCidr("kubernetes", "10.96.0.0/16")));
      follower.api.become(Personality.current());
      follower.await("read", () -> follower.state(Kind.SERVICE_CIDR).synced());

      assertThat(follower.objects())
          .containsKey(ObjectId.of(Objects.serviceCidr("kubernetes", "10.96.0.0/16")));
    }
  }
}
