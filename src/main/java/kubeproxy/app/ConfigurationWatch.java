package kubeproxy.app;

import java.nio.file.Path;
import kubeproxy.files.FileFollower;
import kubeproxy.logging.Logger;

/// Follows the configuration file: hands its text over whenever it is another one, and tells the
/// operator when there is none. Whether a text is good is not decided here; as long as it is not,
/// or there is none, the configuration in force stays.
final class ConfigurationWatch implements AutoCloseable {
  private final FileFollower follower;

  /// @param inForce the text that the configuration in force was made of
  /// @param listener is told what becomes of the file
  ConfigurationWatch(Path file, String inForce, Logger log, FileFollower.Listener listener) {
    this.follower =
        new FileFollower(
            file,
            inForce,
            "configuration",
            new FileFollower.Listener() {
              @Override
              public void changed(String text) {
                log.info("Reading the configuration file", "file", file);
                listener.changed(text);
              }

              @Override
              public void unavailable(String reason) {
                log.warn(
                    "Configuration file cannot be read; the configuration in force stays",
                    "file",
                    file,
                    "reason",
                    reason);
                listener.unavailable(reason);
              }

              @Override
              public void returned(String text) {
                log.info("Configuration file is back", "file", file);
                listener.returned(text);
              }
            });
  }

  /// Begins to follow.
  void start() {
    follower.start();
  }

  /// Hands the text over as it is now, even if it is the one in force; before it returns, and not
  /// at the same time as a change. Any thread.
  void reloadNow() {
    follower.tellNow();
  }

  @Override
  public void close() {
    follower.close();
  }
}
