package kubeproxy.apidecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Kind;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers of a real API server, version 1.36.2, recorded in both encodings.
class RecordedAnswersTest {

  @ParameterizedTest
  @CsvSource({
    "services-list, SERVICES, 627, 80",
    "endpointslices-list, ENDPOINT_SLICES_V1, 623, 82",
    "endpoints-list, ENDPOINTS, 767, 2",
    "node-list, NODES, 630, 1",
    "servicecidrs-list, SERVICE_CIDRS_V1, 630, 1"
  })
  void aListIsTheSameInBothEncodings(String name, ApiResource resource, String version, int items)
      throws IOException {
    byte[] json = Answers.recorded(name + "-json");
    byte[] protobuf = Answers.recorded(name + "-protobuf");

    Answers.Listed fromJson = Answers.list(ApiEncoding.JSON, resource, json);
    Answers.Listed fromProtobuf = Answers.list(ApiEncoding.PROTOBUF, resource, protobuf);

    assertThat(fromProtobuf.items()).isEqualTo(fromJson.items());
    assertThat(fromProtobuf.page().malformed()).isZero();
    assertThat(fromJson.page()).isEqualTo(new ListPage(version, "", items, 0));
    assertThat(fromJson.items())
        .allSatisfy(item -> {
          assertThat(item.objects()).isNotEmpty();
          assertThat(item.ignored()).isEmpty();
          assertThat(item.resourceVersion()).matches("[1-9][0-9]*");
          assertThat(item.id().kind()).isEqualTo(resource.modelKind());
        });
    assertThat(Answers.list(ApiEncoding.JSON, resource, Answers.inPieces(json, 7)))
        .isEqualTo(fromJson);
    assertThat(Answers.list(ApiEncoding.PROTOBUF, resource, Answers.inPieces(protobuf, 3)))
        .isEqualTo(fromProtobuf);
  }

  @ParameterizedTest
  @CsvSource({
    "services-watch, SERVICES, 'Added=2, Bookmark=1, Deleted=2, Modified=1'",
    "endpointslices-watch, ENDPOINT_SLICES_V1, 'Added=1, Bookmark=1, Deleted=1, Modified=1'",
    "services-watchlist, SERVICES, 'Added=81, Bookmark=1, Deleted=1, Modified=1'",
    "services-watch-replay, SERVICES, 'Added=81, Modified=10'"
  })
  void aWatchIsTheSameInBothEncodings(String name, ApiResource resource, String types)
      throws IOException {
    byte[] json = Answers.recorded(name + "-json");
    byte[] protobuf = Answers.recorded(name + "-protobuf");

    List<ApiEvent> fromJson = Answers.events(ApiEncoding.JSON, resource, json);
    List<ApiEvent> fromProtobuf = Answers.events(ApiEncoding.PROTOBUF, resource, protobuf);

    assertThat(fromProtobuf).isEqualTo(fromJson);
    Map<String, Integer> counts = new TreeMap<>();
    fromJson.forEach(event -> counts.merge(event.getClass().getSimpleName(), 1, Integer::sum));
    assertThat(counts).hasToString("{" + types + "}");
    assertThat(Answers.events(ApiEncoding.JSON, resource, Answers.inPieces(json, 5)))
        .isEqualTo(fromJson);
    assertThat(Answers.events(ApiEncoding.PROTOBUF, resource, Answers.inPieces(protobuf, 5)))
        .isEqualTo(fromProtobuf);
  }

  @Test
  void pagesNameTheNextOne() throws IOException {
    byte[] first = Answers.recorded("services-list-page1-json");
    byte[] second = Answers.recorded("services-list-page2-json");

    ListPage page = Answers.list(ApiEncoding.JSON, ApiResource.SERVICES, first).page();
    assertThat(page.continueToken()).startsWith("eyJ2IjoibWV0YS5rOHMuaW8vdjEi");
    assertThat(page.items()).isEqualTo(5);
    assertThat(Answers.list(ApiEncoding.JSON, ApiResource.SERVICES, second).page().items())
        .isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"services-watch-gone-json, JSON", "services-watch-gone-protobuf, PROTOBUF"})
  void aWatchFromTooOldAVersionFails(String name, ApiEncoding encoding) throws IOException {
    List<ApiEvent> events = Answers.events(encoding, ApiResource.SERVICES, Answers.recorded(name));

    assertThat(events)
        .containsExactly(
            new ApiEvent.Failed(
                new ApiStatus(
                    410, "Expired", "too old resource version: 2 (682)", OptionalInt.empty())));
  }

  @Test
  void aWatchThatTheServerEndsEndsCleanly() throws IOException {
    byte[] nothing = Answers.recorded("services-watch-timeout-json");

    assertThat(Answers.events(ApiEncoding.JSON, ApiResource.SERVICES, nothing)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "unauthorized, JSON, 401, Unauthorized, -1, Unauthorized",
    "forbidden, JSON, 403, Forbidden, -1, 'secrets is forbidden: User \"system:kube-proxy\"'",
    "forbidden-protobuf, PROTOBUF, 403, Forbidden, -1, 'secrets is forbidden: User \"system:'",
    "too-old-list, JSON, 410, Expired, -1, The resourceVersion for the provided list is too old.",
    "services-future-version-json, JSON, 504, Timeout, 1, Timeout: Too large resource version",
    "missing-group, JSON, 404, NotFound, -1, the server could not find the requested resource"
  })
  void failuresTellTheirReason(
      String name, ApiEncoding encoding, int code, String reason, int retry, String message) {
    ApiStatus status = Answers.status(encoding, Answers.recorded(name), 599);

    assertThat(status.code()).isEqualTo(code);
    assertThat(status.reason()).isEqualTo(reason);
    assertThat(status.message()).startsWith(message);
    assertThat(status.retryAfterSeconds())
        .isEqualTo(retry < 0 ? OptionalInt.empty() : OptionalInt.of(retry));
  }

  @Test
  void theNodeHasWhatProtobufKeepsInOtherPlaces() throws IOException {
    byte[] body = Answers.recorded("node-list-protobuf");
    ApiItem item = Answers.list(ApiEncoding.PROTOBUF, ApiResource.NODES, body).items().getFirst();

    assertThat(item.id()).isEqualTo(new ObjectId(Kind.NODE, new ObjectKey("", "nodea")));
    Node node = (Node) item.objects().getFirst();
    assertThat(node.addresses()).isNotEmpty();
    assertThat(node.podCidrs()).isNotEmpty();
    assertThat(node.deleting()).isFalse();
  }

  @Test
  void namesThatRepeatAreKeptOnceAcrossLists() throws IOException {
    byte[] body = Answers.recorded("endpointslices-list-protobuf");
    List<ApiItem> items =
        Answers.list(ApiEncoding.PROTOBUF, ApiResource.ENDPOINT_SLICES_V1, body).items();

    List<String> nodes =
        items.stream()
            .flatMap(item -> item.objects().stream())
            .flatMap(object -> endpoints(object).stream())
            .map(Endpoint::nodeName)
            .filter("nodea"::equals)
            .toList();
    assertThat(nodes).hasSizeGreaterThan(1);
    assertThat(nodes).allSatisfy(name -> assertThat(name).isSameAs(nodes.getFirst()));
  }

  private static List<Endpoint> endpoints(ClusterObject object) {
    return ((EndpointSlice) object).endpoints();
  }
}
