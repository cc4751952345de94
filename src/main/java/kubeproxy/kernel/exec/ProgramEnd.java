package kubeproxy.kernel.exec;

import java.time.Duration;

/// How a call of a program ended.
public sealed interface ProgramEnd {

  /// By itself, or by a signal from elsewhere.
  ///
  /// @param code its exit code; 128 and the number of the signal if one ended it
  /// @param output what it printed to standard output, as UTF-8
  /// @param errors what it printed to standard error, without white space at the end
  record Exited(int code, String output, String errors) implements ProgramEnd {

    /// Whether the exit code is 0.
    public boolean succeeded() {
      return code == 0;
    }
  }

  /// It could not be started: there is none of that name, or no permission to run it.
  record NotStarted(String reason) implements ProgramEnd {}

  /// It was killed, because it took longer than it may.
  record TimedOut(Duration after) implements ProgramEnd {}
}
