package kubeproxy.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// What an engineer asks a running process (`--profiling`), under the paths that kube-proxy has.
///
/// What is behind them is Java's: stacks of threads for goroutines, flight recordings for profiles
/// and traces. Nothing of it is loaded before somebody asks.
final class DebugRoutes {
  private static final String PROFILES = "/debug/pprof/";
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  /// As in Go.
  private static final Duration PROFILE_DURATION = Duration.ofSeconds(30);

  private static final Duration TRACE_DURATION = Duration.ofSeconds(1);

  /// What Go has, and Java has in another place.
  private static final List<String> ELSEWHERE =
      List.of("allocs", "block", "mutex", "symbol", "threadcreate");

  private static final String INDEX =
      """
      <!DOCTYPE html>
      <html>
      <head><title>/debug/pprof/</title></head>
      <body>
      <h1>Profiles of kube-proxy</h1>
      <p>This process is a Java virtual machine. The paths are those of Go's pprof, what they give is
      not: <code>go tool pprof</code> cannot read it.</p>
      <dl>
      <dt><a href="goroutine">goroutine</a></dt>
      <dd>The stacks of all threads, as text. Two of them, some seconds apart, show what hangs.</dd>
      <dt><a href="heap">heap</a></dt>
      <dd>Sizes of memory and the largest classes, as text. Stops the process for a full garbage
      collection, usually for less than 0.1&nbsp;s.</dd>
      <dt><a href="profile?seconds=30">profile?seconds=30</a></dt>
      <dd>A flight recording: where CPU time and allocations go. It comes after that many seconds, at
      most 300. Save it with <code>curl -OJ</code>, then <code>jfr summary profile.jfr</code>,
      <code>jfr view hot-methods profile.jfr</code>, or JDK Mission Control.</dd>
      <dt><a href="trace?seconds=5">trace?seconds=5</a></dt>
      <dd>The same with every wait of every thread, however short: <code>jfr print --events
      ThreadPark,SocketRead trace.jfr</code>.</dd>
      <dt><a href="cmdline">cmdline</a></dt>
      <dd>The words of the command, a zero byte between them.</dd>
      </dl>
      <p>Of Go's others, allocations are in <code>profile</code>, and waiting for locks is in
      <code>trace</code>. One recording runs at a time; the first one costs some megabytes of memory
      that stay in use.</p>
      <p>Verbosity of the log: <code>curl -X PUT -d 4 .../debug/flags/v</code></p>
      </body>
      </html>
      """;

  private static final String FLAGS =
      """
      <!DOCTYPE html>
      <html>
      <head><title>/debug/flags/</title></head>
      <body>
      <h1>Flags that can be changed while kube-proxy runs</h1>
      <dl>
      <dt>v</dt>
      <dd>Verbosity of the log, until the process ends: <code>curl -X PUT -d 4
      .../debug/flags/v</code></dd>
      </dl>
      </body>
      </html>
      """;

  private final FlightRecordings recordings = new FlightRecordings();
  private final IntConsumer verbosity;

  /// Routes of one server.
  ///
  /// @param verbosity told the verbosity that is wanted from now on
  DebugRoutes(IntConsumer verbosity) {
    this.verbosity = verbosity;
  }

  Map<String, Route> routes() {
    Map<String, Route> routes = new HashMap<>();
    routes.put("/debug/pprof", _ -> movedTo(PROFILES));
    routes.put(PROFILES, _ -> Answer.html(INDEX));
    routes.put(PROFILES + "cmdline", _ -> commandLine());
    routes.put(PROFILES + "goroutine", _ -> Answer.text(200, ThreadDump.text()));
    routes.put(PROFILES + "heap", _ -> Answer.text(200, HeapReport.text()));
    routes.put(
        PROFILES + "profile",
        request -> record(request, FlightRecordings.Kind.PROFILE, PROFILE_DURATION));
    routes.put(
        PROFILES + "trace",
        request -> record(request, FlightRecordings.Kind.TRACE, TRACE_DURATION));
    ELSEWHERE.forEach(name -> routes.put(PROFILES + name, _ -> elsewhere(name)));
    routes.put("/debug/flags", _ -> Answer.html(FLAGS));
    routes.put("/debug/flags/", _ -> Answer.html(FLAGS));
    routes.put("/debug/flags/v", new VerbosityRoute(verbosity));
    return routes;
  }

  private static Answer movedTo(String path) {
    return new Answer(302, Map.of("Location", path), new byte[0]);
  }

  private static Answer elsewhere(String name) {
    return Answer.text(
        404, "There is no profile " + name + " of a Java process; see " + PROFILES + "\n");
  }

  private static Answer commandLine() {
    try {
      byte[] words = Files.readAllBytes(COMMAND_LINE);
      // Go puts a zero between words, not after the last.
      int length =
          words.length > 0 && words[words.length - 1] == 0 ? words.length - 1 : words.length;
      return Answer.text(200, new String(words, 0, length, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Answer.text(500, "cannot read " + COMMAND_LINE + ": " + e.getMessage() + "\n");
    }
  }

  private Answer record(Request request, FlightRecordings.Kind kind, Duration usual)
      throws InterruptedException {
    Duration duration =
        request.parameter("seconds").map(text -> seconds(text, usual)).orElse(usual);
    if (duration.compareTo(FlightRecordings.MAX_DURATION) > 0) {
      return Answer.text(
          400, "seconds can be at most " + FlightRecordings.MAX_DURATION.toSeconds() + "\n");
    }
    String name = request.path().substring(PROFILES.length()) + ".jfr";
    return recordings.record(kind, name, duration);
  }

  /// What is no number above zero counts as not given, as in Go.
  private static Duration seconds(String text, Duration usual) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      return usual;
    }
    Duration duration = Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
    return duration.isZero() ? usual : duration;
  }
}
