package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kubeproxy.apidecode.ApiItem;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.apidecode.MalformedItem;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Service;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

class KnownObjectsTest {
  private final KnownObjects known = new KnownObjects();

  private static Service service(String name) {
    return Objects.service("ns/" + name).clusterIp("10.96.0.1").build();
  }

  private static ObjectId id(String name) {
    return new ObjectId(Kind.SERVICE, Objects.key("ns/" + name));
  }

  private static ApiItem item(String name, String version) {
    return new ApiItem(id(name), version, service(name));
  }

  private static ApiItem endpoints(String version, String... slices) {
    List<ClusterObject> objects =
        List.of(slices).stream().map(KnownObjectsTest::slice).map(s -> (ClusterObject) s).toList();
    return new ApiItem(endpointsId(), version, objects, List.of());
  }

  private static ObjectId endpointsId() {
    return new ObjectId(Kind.ENDPOINT_SLICE, Objects.key("ns/web"));
  }

  private static EndpointSlice slice(String name) {
    return Objects.slice("ns/web", name).legacy().build();
  }

  private static ObjectId sliceId(String name) {
    return new ObjectId(Kind.ENDPOINT_SLICE, Objects.key("ns/" + name));
  }

  private Optional<Map<ObjectId, Optional<ClusterObject>>> list(ApiItem... items) {
    KnownObjects.Draft draft = known.draft(false);
    List.of(items).forEach(draft::item);
    return draft.finish().map(delta -> delta.changes());
  }

  @Test
  void aVersionIsHandedOnOnce() {
    assertThat(known.put(item("web", "1"))).isPresent();
    assertThat(known.put(item("web", "1"))).isEmpty();
    assertThat(known.put(item("web", "2"))).isPresent();
    assertThat(known.remove(id("web"))).isPresent();
    assertThat(known.remove(id("web"))).isEmpty();
    assertThat(known.size()).isZero();
  }

  @Test
  void aListGivesTheDifference() {
    assertThat(list(item("a", "1"), item("b", "2"), item("c", "3")).orElseThrow()).hasSize(3);
    assertThat(list(item("a", "1"), item("b", "2"), item("c", "3"))).isEmpty();
    assertThat(list(item("a", "1"), item("b", "4"), item("d", "5")).orElseThrow())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                id("b"), Optional.of(service("b")),
                id("c"), Optional.empty(),
                id("d"), Optional.of(service("d"))));
    assertThat(list().orElseThrow()).hasSize(3);
  }

  @Test
  void aDraftThatIsNotFinishedCountsForNothing() {
    assertThat(list(item("a", "1"))).isPresent();
    known.draft(false).item(item("b", "2"));

    assertThat(known.size()).isOne();
    assertThat(known.put(item("b", "2"))).isPresent();
  }

  @Test
  void versionsOfAnotherSourceSayNothing() {
    assertThat(list(item("a", "1"))).isPresent();
    KnownObjects.Draft draft = known.draft(true);
    draft.item(item("a", "1"));

    assertThat(draft.finish()).isPresent();
  }

  @Test
  void anEndpointsObjectIsAsManyRecordsAsItSays() {
    assertThat(known.put(endpoints("1", "web/0-IPv4", "web/0-IPv6")).orElseThrow().changes())
        .hasSize(2);
    assertThat(known.put(endpoints("2", "web/0-IPv6")).orElseThrow().changes())
        .containsEntry(sliceId("web/0-IPv4"), Optional.empty())
        .containsEntry(sliceId("web/0-IPv6"), Optional.of(slice("web/0-IPv6")));
    assertThat(list(endpoints("3", "web/1-IPv4")).orElseThrow())
        .containsEntry(sliceId("web/0-IPv6"), Optional.empty())
        .containsEntry(sliceId("web/1-IPv4"), Optional.of(slice("web/1-IPv4")));
    assertThat(list(endpoints("4")).orElseThrow())
        .containsExactly(Map.entry(sliceId("web/1-IPv4"), Optional.empty()));
    assertThat(known.remove(endpointsId())).isEmpty();
  }

  @Test
  void whatCannotBeDecodedStays() {
    assertThat(list(item("a", "1"), item("b", "2"))).isPresent();
    KnownObjects.Draft draft = known.draft(false);
    draft.malformed(new MalformedItem("ns/a", ApiResource.SERVICES, "why"));

    assertThat(draft.finish().orElseThrow().changes())
        .containsExactly(Map.entry(id("b"), Optional.empty()));
    assertThat(draft.problems()).hasSize(1);
    assertThat(known.malformed()).isOne();
    assertThat(known.remove(id("a"))).isPresent();
    assertThat(known.malformed()).isZero();
  }

  @Test
  void whileItIsNotKnownWhatCannotBeDecodedNothingGoes() {
    assertThat(list(item("a", "1"), item("b", "2"))).isPresent();
    KnownObjects.Draft draft = known.draft(false);
    draft.malformed(new MalformedItem("", ApiResource.SERVICES, "why"));

    assertThat(draft.finish()).isEmpty();
    assertThat(known.size()).isEqualTo(2);
    assertThat(list().orElseThrow()).hasSize(2);
  }

  @Test
  void versionsAreComparedAsNumbers() {
    assertThat(Versions.wentBack("100", "99")).isTrue();
    assertThat(Versions.wentBack("99", "100")).isFalse();
    assertThat(Versions.wentBack("99", "99")).isFalse();
    assertThat(Versions.wentBack("", "1")).isFalse();
    assertThat(Versions.wentBack("2", "")).isFalse();
    assertThat(Versions.wentBack("abc", "1")).isFalse();
    assertThat(Versions.wentBack("2", "1x")).isFalse();
  }
}
