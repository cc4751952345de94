package kubeproxy.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kubeproxy.text.JsonQuote;

/// What the metrics server tells of the process itself: `/configz`, `/flagz` and `/statusz`. The
/// last two are text for people, and objects for programs that ask for them (see [PageForm]).
///
/// @param configuration the configuration in force, as a JSON object; asked by any thread
/// @param flags the values of all flags by name
/// @param version as in `v1.36.0`
/// @param flagz whether `/flagz` answers (feature gate ComponentFlagz)
/// @param statusz whether `/statusz` answers (feature gate ComponentStatusz)
public record ComponentPages(
    Supplier<String> configuration,
    SortedMap<String, String> flags,
    String version,
    boolean flagz,
    boolean statusz) {
  private static final String GROUP = "kubeproxy.config.k8s.io";
  private static final String COMPONENT = "kube-proxy";
  private static final String WARNING =
      "Warning: This page is for people; its format may change at any time.\n\n";

  public ComponentPages {
    flags = new TreeMap<>(flags);
  }

  /// The routes.
  ///
  /// @param paths all others of the server, which `/statusz` lists
  Map<String, Route> routes(TreeSet<String> paths, Clock clock) {
    Instant started = clock.instant();
    Map<String, Route> routes = new HashMap<>();
    routes.put("/configz", _ -> Answer.json(200, configz()));
    if (flagz) {
      routes.put(
          "/flagz", request -> page(request, "Flagz", this::flagzText, form -> flagzObject(form)));
    }
    if (statusz) {
      routes.put(
          "/statusz",
          request -> {
            Status status = new Status(started, clock.instant(), paths);
            return page(
                request, "Statusz", () -> statuszText(status), form -> statuszObject(form, status));
          });
    }
    paths.addAll(routes.keySet());
    return routes;
  }

  private String configz() {
    return "{\"" + GROUP + "\":" + configuration.get() + "}";
  }

  private static Answer page(
      Request request, String kind, Supplier<String> text, Function<PageForm, String> object) {
    Optional<PageForm> wanted = PageForm.wanted(request.headers().all("Accept"), kind);
    if (wanted.isEmpty()) {
      return Answer.text(406, notAcceptable(kind));
    }
    PageForm form = wanted.get();
    return form.version().isEmpty()
        ? Answer.text(200, text.get())
        // JSON is YAML, too.
        : Answer.of(200, form.mediaType(), object.apply(form));
  }

  private static String notAcceptable(String kind) {
    return "served here are: text/plain, application/json;g=config.k8s.io;v=v1beta1;as="
        + kind
        + ", and the same as application/yaml\n";
  }

  private static String head(PageForm form, String kind) {
    return "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"name\":\"%s\"},"
        .formatted(kind, form.apiVersion(), COMPONENT);
  }

  private String flagzText() {
    return flags.entrySet().stream()
        .map(flag -> flag.getKey() + "=" + flag.getValue() + "\n")
        .collect(Collectors.joining("", "\nkube-proxy flags\n" + WARNING, ""));
  }

  private String flagzObject(PageForm form) {
    return flags.entrySet().stream()
        .map(flag -> JsonQuote.quote(flag.getKey()) + ":" + JsonQuote.quote(flag.getValue()))
        .collect(Collectors.joining(",", head(form, "Flagz") + "\"flags\":{", "}}\n"));
  }

  /// What is told of the process at one moment.
  private record Status(Instant started, Instant now, TreeSet<String> paths) {

    Duration up() {
      return Duration.between(started, now);
    }
  }

  private String statuszText(Status status) {
    Duration up = status.up();
    return "\nkube-proxy statusz\n"
        + WARNING
        + "Started: "
        + status.started()
        + "\nUp: %d hr %02d min %02d sec"
            .formatted(up.toHours(), up.toMinutesPart(), up.toSecondsPart())
        + "\nJava version: "
        + Runtime.version()
        + "\nBinary version: "
        + version
        + "\nEmulation version: "
        + emulationVersion()
        + "\nPaths: "
        + String.join(" ", status.paths())
        + "\n";
  }

  /// Without a `goVersion`, which is optional.
  private String statuszObject(PageForm form, Status status) {
    return head(form, "Statusz")
        + "\"startTime\":\"%s\",\"uptimeSeconds\":%d,"
            .formatted(status.started().truncatedTo(ChronoUnit.SECONDS), status.up().toSeconds())
        + "\"binaryVersion\":\"%s\",\"emulationVersion\":\"%s\","
            .formatted(number(), emulationVersion())
        + status.paths().stream()
            .map(JsonQuote::quote)
            .collect(Collectors.joining(",", "\"paths\":[", "]}\n"));
  }

  private String number() {
    return version.startsWith("v") ? version.substring(1) : version;
  }

  /// Major and minor number: no other version than the own is ever emulated.
  private String emulationVersion() {
    String[] parts = number().split("\\.", -1);
    return parts.length < 2 ? number() : parts[0] + "." + parts[1];
  }
}
