package kubeproxy.testing.scenario;

/// A mistake in a scenario file. The message starts with the file and the line.
public final class ScenarioError extends RuntimeException {

  ScenarioError(String message) {
    super(message);
  }
}
