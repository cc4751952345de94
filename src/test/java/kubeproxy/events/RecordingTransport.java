package kubeproxy.events;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apiclient.ApiTransport;

/// Answers requests by a function and remembers them.
final class RecordingTransport implements ApiTransport {
  private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
  private volatile Function<ApiRequest, Reply> behaviour = _ -> new Reply(201, "{}");

  /// An answer.
  ///
  /// @param status 0 for no answer
  record Reply(int status, String text) implements ApiResponse {
    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {}
  }

  void answerBy(Function<ApiRequest, Reply> how) {
    behaviour = how;
  }

  List<ApiRequest> requests() {
    return requests;
  }

  /// Method and path of each request.
  List<String> lines() {
    return requests.stream().map(request -> request.method() + " " + request.path()).toList();
  }

  /// What the last request carried.
  String lastBody() {
    return requests.getLast().body().orElseThrow().text();
  }

  @Override
  public ApiResponse send(ApiRequest request) throws IOException {
    requests.add(request);
    Reply reply = behaviour.apply(request);
    if (reply.status() == 0) {
      throw new IOException("nobody there");
    }
    return reply;
  }

  @Override
  public void close() {}
}
