package kubeproxy.apidecode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is not as it should be: one object, one event, or all of it.
class MalformedAnswersTest {
  private static final ApiResource SERVICES = ApiResource.SERVICES;

  private static Tree service(String name, String protocol) {
    return new Tree()
        .with(
            1,
            "metadata",
            new Tree()
                .with(1, "name", name)
                .with(3, "namespace", "shop")
                .with(6, "resourceVersion", "12"))
        .with(
            2,
            "spec",
            new Tree()
                .with(
                    1,
                    "ports",
                    List.of(
                        new Tree().with(2, "protocol", "TCP").with(3, "port", 80),
                        new Tree().with(2, "protocol", protocol).with(3, "port", 81))));
  }

  private static byte[] list(ApiEncoding encoding, Tree... items) {
    return switch (encoding) {
      case JSON -> Tree.jsonList(SERVICES, List.of(items));
      case PROTOBUF ->
          Tree.protobufList(SERVICES, Arrays.stream(items).map(Tree::protobuf).toList());
    };
  }

  private static byte[] event(ApiEncoding encoding, String type, Tree object) {
    return switch (encoding) {
      case JSON -> Tree.jsonEvent(type, object.json());
      case PROTOBUF -> Tree.protobufEvent(type, Tree.enveloped("v1", "Service", object.protobuf()));
    };
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(ApiEncoding.class)
  void oneBadObjectDoesNotEndTheList(ApiEncoding encoding) throws IOException {
    Tree nameless = new Tree().with(2, "spec", new Tree().with(4, "type", "ClusterIP"));
    byte[] body =
        list(encoding, service("a", "UDP"), service("b", "QUIC"), nameless, service("c", "SCTP"));

    Answers.Listed listed = Answers.list(encoding, SERVICES, body);

    assertThat(listed.items())
        .extracting(item -> item.id().key().toString())
        .containsExactly("shop/a", "shop/c");
    assertThat(listed.malformed())
        .containsExactly(
            new MalformedItem(
                "shop/b",
                SERVICES,
                "spec.ports[1].protocol: must be TCP, UDP or SCTP, not \"QUIC\""),
            new MalformedItem("", SERVICES, "metadata.name: must be there"));
    assertThat(listed.page()).isEqualTo(new ListPage("7", "", 2, 2));
  }

  @Test
  void theNameIsFoundBehindTheFaultToo() throws IOException {
    String json =
        """
        {"items":[{"spec":{"ports":{"a":[1]},"type":"x"},"metadata":{"name":"a"}},7,[{}],null,
        {"metadata":{"name":"b","labels":[]}},{"metadata":{"name":"c"},"kind":"Pod"},
        {"metadata":{"name":"d"}}],"metadata":{"resourceVersion":"7"},"kind":"ServiceList"}
        """;

    Answers.Listed listed = Answers.list(ApiEncoding.JSON, SERVICES, json.getBytes(UTF_8));

    assertThat(listed.malformed())
        .extracting(item -> item.name() + " " + item.reason())
        .containsExactly(
            "default/a spec.ports: must be a list",
            " must be an object, not \"7\"",
            " must be an object",
            " must be an object, not \"null\"",
            "default/b metadata.labels: must be an object",
            "default/c kind: must be Service, not \"Pod\"");
    assertThat(listed.items()).hasSize(1);
  }

  @Test
  void aMessageThatIsBrokenInsideIsOneBadObject() throws IOException {
    byte[] good = service("a", "UDP").protobuf();
    byte[] cutInSpec = service("b", "UDP").protobuf();
    cutInSpec[cutInSpec.length - 1] = (byte) 0x80; // a number that does not end
    byte[] wrongType = join(good, new byte[] {2 << 3, 1});
    byte[] tooLong = join(service("c", "UDP").protobuf(), new byte[] {2 << 3 | 2, 100});
    byte[] group = join(service("d", "UDP").protobuf(), new byte[] {9 << 3 | 4});
    byte[] zeroTag = join(service("e", "UDP").protobuf(), new byte[] {0});
    byte[] badTime =
        join(
            service("f", "UDP").protobuf(),
            new Tree().with(1, "", new Tree().with(8, "", "\b\u007f\u007f")).protobuf());
    byte[] body =
        Tree.protobufList(
            SERVICES, List.of(cutInSpec, wrongType, tooLong, group, zeroTag, badTime, good));

    Answers.Listed listed = Answers.list(ApiEncoding.PROTOBUF, SERVICES, body);

    assertThat(listed.malformed())
        .extracting(MalformedItem::name)
        .containsExactly("shop/b", "shop/a", "shop/c", "shop/d", "shop/e", "shop/f");
    assertThat(listed.items()).hasSize(1);
  }

  static Stream<String> noLists() {
    return Stream.of(
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}",
        "{\"kind\":\"ServiceList\",\"apiVersion\":\"v2\",\"items\":[]}",
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410}",
        "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[]",
        "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[]} {}",
        "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":{}}",
        "{\"kind\":\"ServiceList\",\"items\":[{\"metadata\":{\"name\":\"a\"},\"spec\":nul}]}",
        "{\"kind\":\"ServiceList\",\"items\":[{\"metadata\":{\"name\":\"a\"");
  }

  @ParameterizedTest
  @MethodSource("noLists")
  void whatIsNoListIsAnErrorAndNeverAnEmptyList(String json) {
    assertThatThrownBy(() -> Answers.list(ApiEncoding.JSON, SERVICES, json.getBytes(UTF_8)))
        .isInstanceOf(MalformedBody.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsNoListInProtobufIsAnError() {
    byte[] good = list(ApiEncoding.PROTOBUF, service("a", "UDP"));
    List<byte[]> bodies =
        List.of(
            new byte[0],
            "k8s".getBytes(UTF_8),
            "k8s\0".getBytes(UTF_8),
            "{\"kind\":\"ServiceList\"}".getBytes(UTF_8),
            Tree.enveloped("v1", "PodList", new byte[0]),
            Tree.enveloped("v2", "ServiceList", new byte[0]),
            Arrays.copyOf(good, good.length - 10));

    assertThat(bodies)
        .allSatisfy(body ->
            assertThatThrownBy(() -> Answers.list(ApiEncoding.PROTOBUF, SERVICES, body))
                .isInstanceOf(MalformedBody.class));
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // How often it is asked does not matter.
  @Test
  void failingToReadIsNoFaultOfTheBody() {
    InputStream body =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }
        };

    for (ApiEncoding encoding : ApiEncoding.values()) {
      assertThatThrownBy(() -> Answers.list(encoding, SERVICES, body))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("reset");
      assertThatThrownBy(() -> Answers.events(encoding, SERVICES, body)).hasMessage("reset");
      assertThat(ApiDecoder.readStatus(encoding, body, 503).message()).contains("reset");
    }
  }

  @ParameterizedTest
  @EnumSource(ApiEncoding.class)
  void oneBadObjectDoesNotEndTheWatch(ApiEncoding encoding) throws IOException {
    byte[] body =
        join(
            event(encoding, "ADDED", service("a", "UDP")),
            event(encoding, "MODIFIED", service("a", "QUIC")),
            event(encoding, "DELETED", service("a", "QUIC")),
            event(encoding, "DELETED", new Tree()),
            event(encoding, "MOVED", service("a", "UDP")),
            event(encoding, "ERROR", new Tree()),
            event(encoding, "MODIFIED", service("b", "UDP")));

    List<ApiEvent> events = Answers.events(encoding, SERVICES, body);

    ObjectId id = new ObjectId(Kind.SERVICE, new ObjectKey("shop", "a"));
    assertThat(events).hasSize(7);
    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            ApiEvent.Added.class, added -> assertThat(added.item().id()).isEqualTo(id));
    assertThat(events.subList(1, 6))
        .containsExactly(
            new ApiEvent.Skipped(
                new MalformedItem(
                    "shop/a",
                    SERVICES,
                    "spec.ports[1].protocol: must be TCP, UDP or SCTP, not \"QUIC\""),
                "12"),
            new ApiEvent.Deleted(id, "12"),
            new ApiEvent.Skipped(
                new MalformedItem("", SERVICES, "metadata.name: must be there"), ""),
            new ApiEvent.Unknown("MOVED"),
            new ApiEvent.Failed(new ApiStatus(0, "", "", OptionalInt.empty())));
    assertThat(events.getLast()).isInstanceOf(ApiEvent.Modified.class);
  }

  @Test
  void anEventMayHaveItsTypeLastOrBadJsonInside() throws IOException {
    String body =
        """
        {"object":{"metadata":{"name":"a","resourceVersion":"3"}},"type":"ADDED"}
        {"type":"ADDED","object":{"metadata":{"name":"b"},"spec":nul}}
        {"type":"ADDED"}
        {"object":}

        {"type":"BOOKMARK","object":{"metadata":{"annotations":{"k8s.io/initial-events-end":"true"},
        "resourceVersion":"9"}}}{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"10"}}}
        """;

    List<ApiEvent> events = Answers.events(ApiEncoding.JSON, SERVICES, body.getBytes(UTF_8));

    assertThat(events.getFirst()).isInstanceOf(ApiEvent.Added.class);
    assertThat(events.subList(1, 4))
        .allSatisfy(event -> assertThat(event).isInstanceOf(ApiEvent.Skipped.class));
    assertThat(((ApiEvent.Skipped) events.get(1)).item().name()).isEqualTo("default/b");
    assertThat(events.subList(4, 6))
        .containsExactly(new ApiEvent.Bookmark("9", true), new ApiEvent.Bookmark("10", false));
  }

  @ParameterizedTest
  @EnumSource(ApiEncoding.class)
  void aWatchThatIsCutWithinAnEventSaysSo(ApiEncoding encoding) throws IOException {
    byte[] one = event(encoding, "ADDED", service("a", "UDP"));
    int whole = encoding == ApiEncoding.JSON ? one.length - 1 : one.length;
    for (int length = 1; length < whole; length++) {
      byte[] cut = join(one, Arrays.copyOf(one, length));
      EventReader reader =
          Answers.decoder(encoding, SERVICES).readEvents(new ByteArrayInputStream(cut));

      assertThat(reader.next()).get().isInstanceOf(ApiEvent.Added.class);
      assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
    }
    assertThat(Answers.events(encoding, SERVICES, Arrays.copyOf(one, whole))).hasSize(1);
  }

  @Test
  void framesThatCannotBeAreAnError() {
    List<byte[]> json =
        List.of("7".getBytes(UTF_8), "[]".getBytes(UTF_8), "{\"a\":\"b\nc\"}".getBytes(UTF_8));
    List<byte[]> protobuf = List.of(new byte[] {-1, 0, 0, 0, 1}, new byte[] {1, 0, 0, 1, 1});

    assertThat(json)
        .allSatisfy(body ->
            assertThatThrownBy(() -> Answers.events(ApiEncoding.JSON, SERVICES, body))
                .isInstanceOf(MalformedBody.class));
    assertThat(protobuf)
        .allSatisfy(body ->
            assertThatThrownBy(() -> Answers.events(ApiEncoding.PROTOBUF, SERVICES, body))
                .isInstanceOf(MalformedBody.class));
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // How often it is asked does not matter.
  @Test
  void anEventHasALimitInJsonToo() {
    InputStream endless =
        new InputStream() {
          private boolean begun;

          @Override
          public int read() {
            if (!begun) {
              begun = true;
              return '{';
            }
            return ' ';
          }
        };

    assertThatThrownBy(() -> Answers.events(ApiEncoding.JSON, SERVICES, endless))
        .isInstanceOf(MalformedBody.class)
        .hasMessageContaining("16777216");
  }

  @ParameterizedTest
  @EnumSource(ApiEncoding.class)
  void largeEventsAreRead(ApiEncoding encoding) throws IOException {
    Tree large = service("a", "UDP").with(9, "note", "x".repeat(3 << 20));
    byte[] body =
        join(event(encoding, "ADDED", large), event(encoding, "ADDED", service("b", "UDP")));

    List<ApiEvent> events = Answers.events(encoding, SERVICES, body);

    assertThat(events).hasSize(2);
    assertThat(events).allSatisfy(event -> assertThat(event).isInstanceOf(ApiEvent.Added.class));
  }

  @Test
  void anObjectBeyondTheLimitIsOneBadObject() throws IOException {
    Tree large = service("a", "UDP").with(9, "note", "x".repeat(17 << 20));
    byte[] body = list(ApiEncoding.PROTOBUF, large, service("b", "UDP"));

    Answers.Listed listed = Answers.list(ApiEncoding.PROTOBUF, SERVICES, body);

    assertThat(listed.malformed()).hasSize(1);
    assertThat(listed.malformed().getFirst().reason()).contains("more than 16777216");
    assertThat(listed.items()).hasSize(1);
  }

  @Test
  void theNodeOfABetaSliceIsInItsTopologyAndThatOfV1IsNot() throws IOException {
    for (ApiResource resource :
        List.of(ApiResource.ENDPOINT_SLICES_V1, ApiResource.ENDPOINT_SLICES_V1BETA1)) {
      boolean beta = resource == ApiResource.ENDPOINT_SLICES_V1BETA1;
      Tree endpoint =
          new Tree()
              .with(1, "addresses", List.of("10.0.0.1"))
              .with(
                  5,
                  beta ? "topology" : "deprecatedTopology",
                  Map.of("kubernetes.io/hostname", "node-a"));
      Tree slice =
          new Tree()
              .with(
                  1,
                  "metadata",
                  new Tree()
                      .with(1, "name", "web-1")
                      .with(11, "labels", Map.of("kubernetes.io/service-name", "web")))
              .with(2, "endpoints", List.of(endpoint))
              .with(4, "addressType", "IPv4");
      byte[] body = Tree.protobufList(resource, List.of(slice.protobuf()));

      ApiItem item = Answers.list(ApiEncoding.PROTOBUF, resource, body).items().getFirst();

      assertThat(item.objects().getFirst().toString())
          .contains(beta ? "nodeName=node-a" : "nodeName=null");
    }
  }

  @Test
  void contentTypesNameTheEncoding() {
    assertThat(ApiEncoding.ofContentType("application/json; charset=utf-8"))
        .isEqualTo(Optional.of(ApiEncoding.JSON));
    assertThat(ApiEncoding.ofContentType("Application/vnd.kubernetes.protobuf;stream=watch"))
        .isEqualTo(Optional.of(ApiEncoding.PROTOBUF));
    assertThat(ApiEncoding.ofContentType("text/plain")).isEmpty();
    assertThat(ApiEncoding.ofContentType("")).isEmpty();
  }
}
