package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import kubeproxy.model.Kind;
import kubeproxy.testing.Objects;
import kubeproxy.testing.api.Recordings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The answers of a real API server.
class RecordedServerTest {

  /// The recorded watch begins at the version of the recorded list; a Service comes, changes and
  /// goes in it.
  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void listsAndWatches(String encoding) throws IOException, InterruptedException {
    Recordings recordings = new Recordings();
    try (Follower follower =
        new Follower(
            options -> Follower.listing(encoding.equals("json") ? Follower.json(options) : options),
            recordings.whateverTheVersion(
                "services-list-" + encoding,
                "services-watch-" + encoding,
                "endpointslices-list-" + encoding,
                "endpointslices-watch-" + encoding,
                "node-list-" + encoding,
                "servicecidrs-list-" + encoding))) {
      follower.start().awaitSynced();
      follower.await("events", () -> follower.state(Kind.SERVICE).events() >= 3);

      assertThat(follower.objects()).hasSizeGreaterThan(150);
      assertThat(follower.objects().keySet().stream().map(id -> id.kind()))
          .contains(Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.NODE, Kind.SERVICE_CIDR);
      assertThat(
              follower.deltas().stream()
                  .flatMap(delta -> delta.changes().keySet().stream())
                  .map(id -> id.key()))
          .contains(Objects.key("lab/recorded"));
      assertThat(follower.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void streamingLists(String encoding) throws IOException, InterruptedException {
    Recordings recordings = new Recordings();
    try (Follower follower =
        new Follower(
            options -> encoding.equals("json") ? Follower.json(options) : options,
            (call, reply) ->
                recordings.send(recordings.named("services-watchlist-" + encoding), reply))) {
      follower.start();
      follower.await("state", () -> follower.state(Kind.SERVICE).synced());

      assertThat(follower.state(Kind.SERVICE).objects()).isGreaterThan(75);
      assertThat(follower.state(Kind.SERVICE).malformed()).isZero();
    }
  }
}
