package kubeproxy.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How log files are called, and what is written at their top.
///
/// @param folder where they are
/// @param host name of the machine up to the first dot
record LogFileNames(Path folder, String host, String user, long processId, ZoneId zone) {
  private static final String PROGRAM = "kube-proxy";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final DateTimeFormatter IN_NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);
  private static final DateTimeFormatter IN_HEADER =
      DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss", Locale.ROOT);

  /// The names on this machine.
  ///
  /// @param logDir empty for the folder of temporary files
  static LogFileNames ofThisMachine(String logDir, long processId, ZoneId zone) {
    Path folder = Path.of(logDir.isEmpty() ? temporary() : logDir);
    String user = System.getProperty("user.name", "unknownuser");
    return new LogFileNames(folder, hostName(), user, processId, zone);
  }

  private static String temporary() {
    String variable = System.getenv("TMPDIR");
    return variable == null || variable.isEmpty() ? "/tmp" : variable;
  }

  private static String hostName() {
    try {
      String name = Files.readString(HOST_NAME).strip();
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    } catch (IOException _) {
      return "unknownhost";
    }
  }

  /// As `kube-proxy.node1.root.log.INFO.20261122-165027.4711`.
  Path file(Severity severity, Instant begun) {
    String time = IN_NAME.format(begun.atZone(zone));
    return folder.resolve(
        String.join(
            ".", PROGRAM, host, user, "log", severity.name(), time, Long.toString(processId)));
  }

  /// The name that always leads to the newest file of a severity.
  Path link(Severity severity) {
    return folder.resolve(PROGRAM + "." + severity);
  }

  /// The first lines of a file.
  String header(Instant begun) {
    return """
    Log file created at: %s
    Running on machine: %s
    Binary: Built with java %s for %s/%s
    Log line format: [IWEF]mmdd hh:mm:ss.uuuuuu threadid file:line] msg
    """
        .formatted(
            IN_HEADER.format(begun.atZone(zone)),
            host,
            Runtime.version(),
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
            System.getProperty("os.arch", ""));
  }
}
