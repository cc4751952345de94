package kubeproxy.model;

import java.util.Comparator;

/// Something in an object that cannot be carried out as written. A value, not an exception: user
/// data never makes the proxy fail; the edge turns problems into log lines, metrics and events.
///
/// @param kind kind of the object, as the API spells it
/// @param object the object
/// @param field path of the field, as in `spec.externalIPs[1]`
/// @param value the offending value, as text
/// @param reason the category, a label in metrics
/// @param message what is wrong and what the proxy does instead, for people
public record Problem(
    String kind, ObjectKey object, String field, String value, Reason reason, String message)
    implements Comparable<Problem> {

  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::kind)
          .thenComparing(Problem::object)
          .thenComparing(Problem::field)
          .thenComparing(Problem::reason)
          .thenComparing(Problem::value)
          .thenComparing(Problem::message);

  /// Categories of problems; the lower-case name is the `reason` label of the problems metric.
  public enum Reason {
    INVALID_VALUE,
    MISSING_FIELD,
    UNSUPPORTED,
    ADDRESS_CONFLICT,
    NODE_PORT_CONFLICT,
    HEALTH_PORT_CONFLICT,
    DUPLICATE_OBJECT
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }
}
