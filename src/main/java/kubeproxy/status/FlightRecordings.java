package kubeproxy.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/// Records what the process does with the JDK's flight recorder, for a time, one at a time:
/// recording costs CPU, and a file in the folder for temporary files.
final class FlightRecordings {
  /// The longest recording: a request, and what is between, should live to see its end.
  static final Duration MAX_DURATION = Duration.ofMinutes(5);

  /// The larger of the two sets of settings that come with the JDK.
  private static final String SETTINGS = "profile";

  /// Of older events, those beyond are dropped.
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final Semaphore free = new Semaphore(1);

  /// What is recorded.
  enum Kind {
    /// Where CPU time and memory go: samples of stacks and of allocations.
    PROFILE,
    /// Also what threads wait for, however short.
    TRACE;

    /// Where to depart from the settings of the JDK.
    private Map<String, String> changes() {
      return switch (this) {
        case PROFILE -> Map.of("jdk.ExecutionSample#period", "10 ms");
        case TRACE ->
            Map.of(
                "jdk.ThreadPark#threshold", "0 ms",
                "jdk.ThreadSleep#threshold", "0 ms",
                "jdk.JavaMonitorEnter#threshold", "0 ms",
                "jdk.SocketRead#threshold", "0 ms",
                "jdk.SocketWrite#threshold", "0 ms",
                "jdk.FileRead#threshold", "0 ms",
                "jdk.FileWrite#threshold", "0 ms");
      };
    }
  }

  /// Records, and answers with the file.
  ///
  /// @param duration at most [#MAX_DURATION]
  Answer record(Kind kind, String fileName, Duration duration) throws InterruptedException {
    if (!FlightRecorder.isAvailable()) {
      return Answer.text(500, "this JVM has no flight recorder\n");
    }
    if (!free.tryAcquire()) {
      return Answer.text(503, "a recording is running already; there can be one at a time\n");
    }
    try {
      return Answer.download(fileName, recorded(kind, duration));
    } catch (IOException | ParseException | IllegalStateException | SecurityException e) {
      return Answer.text(
          500,
          "cannot record: "
              + e.getMessage()
              + "\nThe flight recorder needs a folder for temporary files: "
              + System.getProperty("java.io.tmpdir", "")
              + "\n");
    } finally {
      free.release();
    }
  }

  private static Path recorded(Kind kind, Duration duration)
      throws IOException, ParseException, InterruptedException {
    try (Recording recording = new Recording(Configuration.getConfiguration(SETTINGS))) {
      Map<String, String> settings = recording.getSettings();
      settings.putAll(kind.changes());
      recording.setSettings(settings);
      recording.setMaxSize(MAX_BYTES);
      recording.start();
      Thread.sleep(duration);
      recording.stop();
      Path file = Files.createTempFile("kube-proxy-", ".jfr");
      recording.dump(file);
      return file;
    }
  }
}
