package kubeproxy.testing.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every recorded request gets the recorded bytes.
class ReplayTest {
  /// Answers to requests that another answer has, too.
  private static final String[] SECOND = {
    "unauthorized", "services-watch-gone-json", "services-watch-gone-protobuf"
  };

  @Test
  void everyRecordedRequestGetsTheRecordedAnswer() throws IOException, InterruptedException {
    Recordings recordings = new Recordings();
    try (FakeApiServer first = FakeApiServer.start(recordings);
        FakeApiServer second = FakeApiServer.start(recordings.preferring(SECOND));
        HttpClient client = HttpClient.newHttpClient()) {
      for (Recordings.Recording recording : recordings.all()) {
        FakeApiServer server = List.of(SECOND).contains(recording.name()) ? second : first;
        HttpResponse<byte[]> response =
            client.send(request(server, recording), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).as(recording.name()).isEqualTo(recording.status());
        assertThat(response.body()).as(recording.name()).isEqualTo(recording.body());
        recording
            .headers()
            .forEach((name, value) -> {
              if (!name.equals("content-length") && !name.equals("date")) {
                assertThat(response.headers().firstValue(name))
                    .as(recording.name() + " " + name)
                    .contains(value);
              }
            });
      }
    }
    assertThat(recordings.all()).hasSize(31);
  }

  private static HttpRequest request(FakeApiServer server, Recordings.Recording recording) {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(server.address() + recording.target()))
            .method(recording.method(), body);
    return recording.accept().isEmpty()
        ? builder.build()
        : builder.header("Accept", recording.accept()).build();
  }

  @Test
  void whatWasNotRecordedIsNotFound() throws IOException, InterruptedException {
    try (FakeApiServer server = FakeApiServer.start(new Recordings());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.address() + "/api/v1/pods")).build();

      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
    }
  }
}
