package kubeproxy.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers of a real API server, version 1.36.2.
class RecordingsTest {

  private static InputStream open(String name) {
    String path = "/kubeproxy/manifests/recorded/" + name + ".json";
    InputStream bytes = RecordingsTest.class.getResourceAsStream(path);
    if (bytes == null) {
      throw new AssertionError("no recording " + path);
    }
    return bytes;
  }

  private static Decoded list(String name) throws IOException, MalformedInput {
    try (InputStream bytes = open(name)) {
      return Decoded.ofJson(bytes.readAllBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "endpoints-list,3",
    "node-list,1",
    "servicecidrs-list,1",
    "services-list,80",
    "services-list-page1,5",
    "endpointslices-list,82"
  })
  void listsDecode(String name, int objects) throws IOException, MalformedInput {
    Decoded decoded = list(name);

    assertThat(decoded.objects().size()).isEqualTo(objects);
    assertThat(decoded.ignored()).isEmpty();
  }

  /// A watch is a stream of events; their kind is known from the request.
  @ParameterizedTest
  @CsvSource({
    "services-watch,SERVICE",
    "services-watchlist,SERVICE",
    "endpointslices-watch,ENDPOINT_SLICE"
  })
  void watchesDecodeWithAKindKnownBefore(String name, ResourceType type)
      throws IOException, MalformedInput {
    Map<String, Integer> events = new TreeMap<>();
    Decoded.Collector collector = new Decoded.Collector();
    ObjectDecoder decoder = new ObjectDecoder(new Interner());
    try (InputStream bytes = open(name)) {
      TokenReader in = new JsonTokenReader(bytes);
      while (in.next() != TokenReader.Token.END) {
        readEvent(in, type, decoder, collector, events);
      }
    }

    int changes = events.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(collector.objects).hasSize(changes - events.getOrDefault("BOOKMARK", 0));
    assertThat(collector.objects).isNotEmpty();
    assertThat(collector.objects).allMatch(object -> isOf(object, type));
  }

  private static void readEvent(
      TokenReader in,
      ResourceType type,
      ObjectDecoder decoder,
      ObjectSink sink,
      Map<String, Integer> events)
      throws MalformedInput {
    String[] event = {""};
    Expect.fields(
        in,
        key -> {
          if (key.equals("type")) {
            event[0] = in.text();
            events.merge(event[0], 1, Integer::sum);
          } else if (event[0].equals("BOOKMARK")) {
            in.skip();
          } else {
            decoder.decode(in, type, sink);
          }
        });
  }

  private static boolean isOf(ClusterObject object, ResourceType type) {
    return type == ResourceType.SERVICE
        ? object instanceof Service
        : object instanceof EndpointSlice;
  }

  @Test
  void aRecordedServiceHasItsValues() throws IOException, MalformedInput {
    Service kubernetes = (Service) list("services-list").objects().getFirst();

    assertThat(kubernetes.key()).hasToString("default/kubernetes");
    assertThat(kubernetes.clusterIps()).hasToString("[10.96.0.1]");
    assertThat(kubernetes.ports())
        .hasToString("[ServicePort[name=https, protocol=TCP, port=443, nodePort=0]]");
    assertThat(kubernetes.createdMillis()).isPositive();
  }
}
