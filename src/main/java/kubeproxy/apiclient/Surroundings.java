package kubeproxy.apiclient;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import kubeproxy.kernel.exec.Programs;

/// What a client takes from the process and the host it runs on.
///
/// @param environment the environment variables
/// @param serviceAccount the folder with the token and the authority that a Pod is given
/// @param programs runs credential plugins
/// @param nanoTime a monotonic clock in nanoseconds
/// @param clock the time of day, against which certificates and tokens expire
/// @param pauses how to wait for the rate limit
public record Surroundings(
    Map<String, String> environment,
    Path serviceAccount,
    Programs programs,
    LongSupplier nanoTime,
    Clock clock,
    Pauses pauses) {

  /// Waits; the seam for tests of the rate limit.
  @FunctionalInterface
  public interface Pauses {
    /// Waits for so long.
    void pause(Duration duration) throws InterruptedException;
  }

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// Those of this process.
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("/var/run/secrets/kubernetes.io/serviceaccount"),
        Programs.ofHost(),
        System::nanoTime,
        Clock.systemUTC(),
        Thread::sleep);
  }

  /// A variable; empty if it is not set.
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /// Tells nothing of the environment, which may hold secrets.
  @Override
  public String toString() {
    return "Surroundings[serviceAccount=" + serviceAccount + "]";
  }
}
