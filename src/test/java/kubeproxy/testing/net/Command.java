package kubeproxy.testing.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A program run to its end.
public final class Command {

  private Command() {}

  /// Runs `command` with `input` on its standard input.
  ///
  /// @return what it printed, without warnings: these come at any moment, in the middle of a line
  /// @throws IllegalStateException if it fails; the message holds all that it printed
  public static String run(List<String> command, String input) {
    try {
      Path errors = Files.createTempFile("command", ".err");
      try {
        return run(command, input, errors);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(List<String> command, String input, Path errors) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try {
      try (var stdin = process.outputWriter(UTF_8)) {
        stdin.write(input);
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command)
                + " ended with "
                + status
                + ": "
                + (output + Files.readString(errors)).strip());
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }
}
