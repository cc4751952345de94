package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Problem.Reason;

/// Problems of an object whose name may not have been read yet.
final class DraftProblems {
  private record Draft(String field, String value, Reason reason, String message) {}

  private final List<Draft> drafts = new ArrayList<>(0);

  /// Notes a problem of a field.
  ///
  /// @param field path within the object
  /// @param message what is wrong and what the proxy does instead
  void add(String field, String value, Reason reason, String message) {
    drafts.add(new Draft(field, value, reason, message));
  }

  /// Notes a value that cannot be used.
  void invalid(String field, String value, String message) {
    add(field, value, Reason.INVALID_VALUE, message);
  }

  /// Notes a value that is not there.
  void missing(String field, String message) {
    add(field, "", Reason.MISSING_FIELD, message);
  }

  /// The problems of the object of that kind and name, sorted: encodings order the fields of
  /// an object differently, and equal objects are equal records.
  List<Problem> of(ResourceType type, ObjectKey key) {
    return drafts.stream()
        .map(draft ->
            new Problem(type.kind(), key, draft.field, draft.value, draft.reason, draft.message))
        .sorted()
        .toList();
  }
}
