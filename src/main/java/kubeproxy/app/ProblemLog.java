package kubeproxy.app;

import kubeproxy.logging.Logger;
import kubeproxy.model.Problem;

/// How a problem of an object is told to the operator, wherever it was found.
final class ProblemLog {
  private ProblemLog() {}

  static void warn(Logger log, Problem problem) {
    log.warn(
        problem.message(),
        "kind",
        problem.kind(),
        "object",
        problem.object(),
        "field",
        problem.field(),
        "value",
        problem.value(),
        "reason",
        problem.reason());
  }
}
