package kubeproxy.status;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The stacks of all threads, as text.
final class ThreadDump {
  private ThreadDump() {}

  /// With virtual threads if there is a folder for temporary files, which the JVM writes them to;
  /// otherwise without.
  static String text() {
    try {
      return ofAll();
    } catch (IOException _) {
      return "Virtual threads are missing: the JVM needs a folder for temporary files to list them."
          + "\n\n"
          + ofPlatformThreads();
    }
  }

  private static String ofAll() throws IOException {
    Path folder = Files.createTempDirectory("kube-proxy-");
    Path file = folder.resolve("threads");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return Files.readString(file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  static String ofPlatformThreads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getKey().threadId()))
        .map(entry -> text(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String text(Thread thread, StackTraceElement[] stack) {
    String head =
        "#" + thread.threadId() + " \"" + thread.getName() + "\" " + thread.getState() + "\n";
    return Stream.of(stack)
        .map(frame -> "    " + frame + "\n")
        .collect(Collectors.joining("", head, ""));
  }
}
