package kubeproxy.apiwatch;

import java.util.OptionalLong;
import kubeproxy.model.Kind;

/// How it stands with the watch of one kind, for health and metrics. Times are those of the clock
/// that the source was given (monotonic nanoseconds); empty if it has not happened yet.
///
/// @param resource what is read, as in `/apis/discovery.k8s.io/v1/endpointslices`
/// @param detail what the last failure said; empty while connected
/// @param synced whether its initial state was handed on
/// @param failures failed attempts since the last success
/// @param objects how many objects of the API are known
/// @param malformed how many of them are such that their newest version could not be decoded
/// @param lists how often everything was listed
/// @param watches how often a watch was begun or resumed
/// @param events how many events came, without bookmarks
/// @param lastEventNanos when the last event came
/// @param lastListNanos when the last list was complete
/// @param lastHeardNanos when the server last proved to be there, by whatever answer
public record KindState(
    Kind kind,
    String resource,
    Condition condition,
    String detail,
    boolean synced,
    int failures,
    int objects,
    int malformed,
    long lists,
    long watches,
    long events,
    OptionalLong lastEventNanos,
    OptionalLong lastListNanos,
    OptionalLong lastHeardNanos) {

  /// Whether the server does not have this kind, and one can do without: then there is nothing to
  /// hear of.
  public boolean absent() {
    return condition == Condition.NOT_SERVED && failures == 0;
  }

  /// Whether changes are being heard of now, as far as can be told.
  public boolean connected() {
    return condition == Condition.CONNECTED;
  }
}
