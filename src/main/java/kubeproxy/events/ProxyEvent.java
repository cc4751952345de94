package kubeproxy.events;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;

/// Something worth telling an operator. Equal events are one event that happens again.
///
/// @param reason a word for machines, in upper camel case, as in `Starting`
/// @param action what was being done
/// @param note what happened, for people; cut at 1 kB, which is all that the API takes
public record ProxyEvent(
    Type type, Regarding regarding, String reason, String action, String note) {

  private static final int MAX_NOTE_BYTES = 1024;
  private static final String START = "StartKubeProxy";
  private static final String RELOAD = "ReloadConfiguration";

  /// Whether somebody should do something.
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /// In the spelling of the API.
    String text() {
      return text;
    }
  }

  public ProxyEvent {
    note = cut(note);
  }

  private static String cut(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_NOTE_BYTES) {
      return note;
    }
    CharBuffer start = CharBuffer.allocate(MAX_NOTE_BYTES);
    // Stops before a character that would be cut in two.
    StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes, 0, MAX_NOTE_BYTES), start, false);
    return start.flip().toString();
  }

  private static ProxyEvent warning(
      Regarding regarding, String reason, String action, String note) {
    return new ProxyEvent(Type.WARNING, regarding, reason, action, note);
  }

  /// The proxy starts: upstream's "birth cry".
  public static ProxyEvent starting(String node) {
    return new ProxyEvent(Type.NORMAL, Regarding.node(node), "Starting", START, "");
  }

  /// The proxy ends, because nothing can listen at the address for health checks.
  public static ProxyEvent healthzFailed(String node, String error) {
    return warning(Regarding.node(node), "FailedToStartProxierHealthcheck", START, error);
  }

  /// The proxy ends, because nothing can listen at the address for metrics.
  public static ProxyEvent metricsFailed(String node, String error) {
    return warning(Regarding.node(node), "FailedToStartMetricServer", START, error);
  }

  /// The mode that was asked for has been given up by Kubernetes.
  public static ProxyEvent ipvsDeprecated(String node, String note) {
    return warning(Regarding.node(node), "IPVSDeprecation", START, note);
  }

  /// The health check of a Service cannot be served.
  ///
  /// @param uid of the Service; may be empty
  public static ProxyEvent serviceHealthCheckFailed(
      String node, ObjectKey service, String uid, int port, String error) {
    String name = service.namespace() + "/" + service.name();
    String note =
        "node " + node + " failed to start healthcheck \"" + name + "\" on port " + port + ": ";
    return warning(
        Regarding.service(service, uid), "FailedToStartServiceHealthcheck", "Listen", note + error);
  }

  /// A changed configuration file cannot be used; the one before stays in force.
  public static ProxyEvent configurationRejected(String node, String error) {
    return warning(Regarding.node(node), "ConfigurationRejected", RELOAD, error);
  }

  /// A changed setting takes effect only after a restart.
  public static ProxyEvent settingNotChangeable(String node, String note) {
    return warning(Regarding.node(node), "SettingNotChangeable", RELOAD, note);
  }

  /// Another mode is used than the one that was asked for.
  public static ProxyEvent modeFallback(String node, String note) {
    return warning(Regarding.node(node), "ProxyModeFallback", START, note);
  }

  /// Another proxy seems to be at work on this node.
  public static ProxyEvent secondInstance(String node, String note) {
    return warning(Regarding.node(node), "SecondInstance", START, note);
  }

  /// Something in a Service that cannot be carried out as written.
  ///
  /// @param problem about a Service
  /// @param uid of the Service; may be empty
  public static ProxyEvent serviceProblem(Problem problem, String uid) {
    String note = problem.field().isEmpty() ? "" : problem.field() + ": ";
    return warning(
        Regarding.service(problem.object(), uid),
        reason(problem.reason()),
        "ProgramService",
        note + problem.message());
  }

  private static String reason(Problem.Reason reason) {
    return switch (reason) {
      case INVALID_VALUE -> "InvalidValue";
      case MISSING_FIELD -> "MissingField";
      case UNSUPPORTED -> "Unsupported";
      case ADDRESS_CONFLICT -> "AddressConflict";
      case NODE_PORT_CONFLICT -> "NodePortConflict";
      case HEALTH_PORT_CONFLICT -> "HealthPortConflict";
      case DUPLICATE_OBJECT -> "DuplicateObject";
    };
  }
}
