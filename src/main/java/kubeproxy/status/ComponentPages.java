package kubeproxy.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What the metrics server tells of the process itself: `/configz`, `/flagz` and `/statusz`
/// (KEP-4828, KEP-4827).
///
/// @param configuration the configuration in force, as a JSON object; asked by any thread
/// @param flags all flags, as `name=value`, sorted
/// @param version as in `v1.36.0`
/// @param flagz whether `/flagz` answers (feature gate ComponentFlagz)
/// @param statusz whether `/statusz` answers (feature gate ComponentStatusz)
public record ComponentPages(
    Supplier<String> configuration,
    List<String> flags,
    String version,
    boolean flagz,
    boolean statusz) {
  private static final String GROUP = "kubeproxy.config.k8s.io";
  private static final String WARNING =
      "Warning: This page is for people; its format may change at any time.\n\n";

  public ComponentPages {
    flags = List.copyOf(flags);
  }

  /// The routes.
  ///
  /// @param paths all others of the server, which `/statusz` lists
  Map<String, Route> routes(TreeSet<String> paths, Clock clock) {
    Instant started = clock.instant();
    Map<String, Route> routes = new HashMap<>();
    routes.put("/configz", _ -> Answer.json(200, configz()));
    if (flagz) {
      routes.put("/flagz", request -> forPeople(request, this::flagzText));
    }
    if (statusz) {
      routes.put(
          "/statusz", request -> forPeople(request, () -> statuszText(started, clock, paths)));
    }
    paths.addAll(routes.keySet());
    return routes;
  }

  private String configz() {
    return "{\"" + GROUP + "\":" + configuration.get() + "}";
  }

  /// Whoever wants another form than text is told that there is none.
  private static Answer forPeople(Request request, Supplier<String> text) {
    List<String> accept = request.headers().all("Accept");
    boolean acceptable =
        accept.isEmpty()
            || accept.stream().anyMatch(types -> types.contains("*/*") || types.contains("text/"));
    return acceptable
        ? Answer.text(200, text.get())
        : Answer.text(406, "only text/plain is served here\n");
  }

  private String flagzText() {
    return "\nkube-proxy flags\n" + WARNING + String.join("\n", flags) + "\n";
  }

  private String statuszText(Instant started, Clock clock, TreeSet<String> paths) {
    Duration up = Duration.between(started, clock.instant());
    return "\nkube-proxy statusz\n"
        + WARNING
        + "Started: "
        + started
        + "\nUp: %d hr %02d min %02d sec"
            .formatted(up.toHours(), up.toMinutesPart(), up.toSecondsPart())
        + "\nJava version: "
        + Runtime.version()
        + "\nBinary version: "
        + version
        + "\nPaths: "
        + String.join(" ", paths)
        + "\n";
  }
}
