package kubeproxy.testing.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Answers of a real API server 1.36.2, byte for byte, by request line and `Accept`. Of a watch it
/// gives what was recorded and then the end of the body.
public final class Recordings implements Answers {
  private static final String FOLDER = "/kubeproxy/apiserver-1.36/";

  /// What HTTP/1.1 has another way to say.
  private static final Set<String> NOT_REPLAYED = Set.of("content-length", "date");

  private final List<Recording> all;

  /// One answer.
  ///
  /// @param method as in `GET`
  /// @param target path and query
  /// @param accept the `Accept` header that it answers; empty for any
  /// @param status its status code
  /// @param headers as they came, names in lower case
  /// @param name of its files
  public record Recording(
      String name,
      String method,
      String target,
      String accept,
      int status,
      Map<String, String> headers) {

    public Recording {
      headers = Map.copyOf(headers);
    }

    /// The body.
    public byte[] body() throws IOException {
      return resource(name + ".body");
    }
  }

  /// Reads the index.
  public Recordings() throws IOException {
    this(text("index.tsv").lines().map(Recordings::parse).toList());
  }

  private Recordings(List<Recording> all) {
    this.all = all;
  }

  /// All answers, in the order of the index.
  public List<Recording> all() {
    return all;
  }

  /// The same, with some answers in front of others to the same request: what was asked before and
  /// after a compaction, or with a bad token, is told apart by nothing in the request.
  public Recordings preferring(String... names) {
    List<Recording> ordered = new ArrayList<>();
    for (String name : names) {
      ordered.add(named(name));
    }
    ordered.addAll(all);
    return new Recordings(ordered);
  }

  /// One answer.
  public Recording named(String name) {
    return all.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private static Recording parse(String line) {
    String[] columns = line.split("\t", -1);
    String[] request = columns[1].split(" ", -1);
    String accept =
        columns.length > 2 && columns[2].startsWith("Accept: ") ? columns[2].substring(8) : "";
    try {
      List<String> head = text(columns[0] + ".headers").lines().toList();
      Map<String, String> headers = new LinkedHashMap<>();
      for (String header : head.subList(1, head.size())) {
        if (!header.isBlank()) {
          int colon = header.indexOf(':');
          headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
      }
      int status = Integer.parseInt(head.getFirst().split(" ")[1]);
      return new Recording(columns[0], request[0], request[1], accept, status, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String file) throws IOException {
    return new String(resource(file), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String file) throws IOException {
    try (InputStream in = Recordings.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IOException("no recording " + file);
      }
      return in.readAllBytes();
    }
  }

  @Override
  public void answer(ApiCall call, HttpReply reply) throws IOException, InterruptedException {
    Optional<Recording> found = all.stream().filter(recording -> fits(recording, call)).findFirst();
    if (found.isEmpty()) {
      Refusals.send(call, reply, 404, "NotFound", "not recorded: " + call.target());
      return;
    }
    send(found.get(), reply);
  }

  /// Answers whatever request with a recording.
  public void send(Recording recording, HttpReply reply) throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>(recording.headers());
    headers.keySet().removeAll(NOT_REPLAYED);
    if (recording.headers().containsKey("content-length")) {
      reply.send(recording.status(), headers, recording.body());
    } else {
      reply.begin(recording.status(), headers);
      reply.piece(recording.body());
      reply.end();
    }
  }

  /// Answers of one resource to whoever lists or watches it, whatever the version and the time.
  ///
  /// @param names of the recordings of lists and watches, one per resource at most; a list is
  ///     answered from the first, a watch from the second that fits
  public Answers whateverTheVersion(String... names) {
    List<Recording> chosen = List.of(names).stream().map(this::named).toList();
    return (call, reply) -> {
      for (Recording recording : chosen) {
        boolean watch = recording.target().contains("watch=true");
        String path = recording.target().split("\\?")[0];
        if (path.equals(call.path()) && watch == call.isWatch()) {
          if (watch && !call.parameter("resourceVersion").equals("627")) {
            break;
          }
          send(recording, reply);
          return;
        }
      }
      Refusals.send(call, reply, 404, "NotFound", "not chosen: " + call.target());
    };
  }

  private static boolean fits(Recording recording, ApiCall call) {
    return recording.method().equals(call.method())
        && recording.target().equals(call.target())
        && (recording.accept().isEmpty() || recording.accept().equals(call.header("accept")));
  }
}
