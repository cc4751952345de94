package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A proxy that runs as processes of its own: one that was started, and those that it started.
///
/// @param ports its port for each [Role], in their order; 0 where it has none
record Proxy(String name, Process process, List<Integer> ports) implements AutoCloseable {
  // Of the numbers in /proc/PID/stat behind the name (proc(5)); times are in hundredths of seconds.
  private static final int USER_TIME = 11;
  private static final int CHILD_SYSTEM_TIME = 14;
  private static final double TICKS_PER_SECOND = 100;

  /// What is behind a port.
  enum Role {
    SINK,
    ECHO,
    DATAGRAM_ECHO
  }

  int port(Role role) {
    return ports.get(role.ordinal());
  }

  /// Processor time that it has used, in seconds.
  double cpuSeconds() throws IOException {
    double ticks = 0;
    for (long pid : processes()) {
      String stat = read(pid, "stat");
      if (stat.isEmpty()) {
        continue;
      }
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      for (String time : fields.subList(USER_TIME, CHILD_SYSTEM_TIME + 1)) {
        ticks += Long.parseLong(time);
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  /// Memory that it has, in KiB.
  long residentKib() throws IOException {
    long total = 0;
    for (long pid : processes()) {
      for (String line : read(pid, "status").lines().toList()) {
        if (line.startsWith("VmRSS:")) {
          total += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return total;
  }

  /// Nothing of a process that has ended: its time counts with its parent's.
  private static String read(long pid, String file) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file));
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  private List<Long> processes() {
    List<Long> pids = new ArrayList<>(List.of(process.pid()));
    process.descendants().forEach(child -> pids.add(child.pid()));
    return pids;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    children.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}
