package kubeproxy.kernel.exec;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A program and how it is called.
///
/// @param command the program, looked up in `PATH` unless it has a slash, and its arguments
/// @param environment set in addition to what this process has
/// @param timeout after which it is killed; positive
public record ProgramCall(List<String> command, Map<String, String> environment, Duration timeout) {

  public ProgramCall {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty() || !timeout.isPositive()) {
      throw new IllegalArgumentException("no command or no time: " + command + ", " + timeout);
    }
  }

  /// A program in the environment of this process.
  public static ProgramCall of(Duration timeout, String... command) {
    return new ProgramCall(List.of(command), Map.of(), timeout);
  }

  /// The command as one would type it, for messages.
  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
