package kubeproxy.status;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import kubeproxy.model.IpFamily;
import kubeproxy.status.HealthState.FamilyReport;
import kubeproxy.status.HealthState.Report;
import org.jspecify.annotations.Nullable;

/// The bodies of the health answers: compact JSON with the keys of kube-proxy in its order.
final class HealthJson {
  /// How Go writes a time that was never set.
  private static final String NEVER = "0001-01-01T00:00:00Z";

  /// RFC 3339 with as many digits of the fraction as are needed.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendOffset("+HH:MM", "Z")
          .toFormatter(Locale.ROOT);

  private final ZoneId zone;

  HealthJson(ZoneId zone) {
    this.zone = zone;
  }

  /// The body of an answer.
  ///
  /// @param good whether the answer is 200
  /// @param showNode whether it depends on the Node
  /// @param healthy the value of the key of that name
  String body(Report report, boolean good, boolean showNode, boolean healthy) {
    // A good answer is news as of now, even if nothing had to be written for hours.
    Instant lastUpdated = good ? report.now() : report.lastUpdated();
    StringBuilder json = new StringBuilder(160);
    json.append("{\"lastUpdated\":").append(time(lastUpdated));
    json.append(",\"currentTime\":").append(time(report.now()));
    if (showNode) {
      json.append(",\"nodeEligible\":").append(report.nodeEligible());
    }
    json.append(",\"healthy\":").append(healthy);
    if (!report.families().isEmpty()) {
      json.append(",\"status\":{").append(families(report)).append('}');
    }
    return json.append('}').toString();
  }

  /// Adds to a body how old what is known is; nothing where there is no server.
  String withSources(String body, List<SourceState> sources) {
    if (sources.isEmpty()) {
      return body;
    }
    return sources.stream()
        .map(HealthJson::source)
        .collect(
            Collectors.joining(",", body.substring(0, body.length() - 1) + ",\"sources\":{", "}}"));
  }

  private static String source(SourceState state) {
    String silent =
        state.silentSeconds().isPresent()
            ? ",\"silentSeconds\":" + state.silentSeconds().getAsLong()
            : "";
    return "\"" + state.kind() + "\":{\"connected\":" + state.connected() + silent + "}";
  }

  private String families(Report report) {
    return report.families().entrySet().stream().map(this::family).collect(Collectors.joining(","));
  }

  private String family(Map.Entry<IpFamily, FamilyReport> entry) {
    return "\""
        + entry.getKey().label()
        + "\":{\"lastUpdated\":"
        + time(entry.getValue().lastUpdated())
        + ",\"healthy\":"
        + entry.getValue().healthy()
        + "}";
  }

  private String time(@Nullable Instant instant) {
    return '"' + (instant == null ? NEVER : TIME.format(instant.atZone(zone))) + '"';
  }
}
