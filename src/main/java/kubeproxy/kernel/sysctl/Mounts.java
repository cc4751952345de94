package kubeproxy.kernel.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Which file systems are mounted read-only, from `/proc/self/mounts` (proc(5)). `FileStore` cannot
/// tell: it takes a part of `/proc` that is mounted read-only over itself for the whole.
final class Mounts {

  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final int MOUNT_POINT = 1;
  private static final int OPTIONS = 3;

  private Mounts() {}

  /// Whether `path` is on a file system that is mounted read-only; false where that is not known.
  static boolean isReadOnly(Path path) {
    try {
      return isReadOnly(path, Files.readAllLines(MOUNTS));
    } catch (IOException unknown) {
      return false;
    }
  }

  /// As [#isReadOnly(Path)] with these mounts.
  static boolean isReadOnly(Path path, List<String> mounts) {
    int longest = -1;
    boolean readOnly = false;
    for (String mount : mounts) {
      List<String> fields = List.of(mount.split(" ", -1));
      if (fields.size() <= OPTIONS) {
        continue;
      }
      Path point = Path.of(fields.get(MOUNT_POINT));
      // Of two on the same point the later one is on top.
      if (path.startsWith(point) && point.getNameCount() >= longest) {
        longest = point.getNameCount();
        readOnly = Arrays.asList(fields.get(OPTIONS).split(",", -1)).contains("ro");
      }
    }
    return readOnly;
  }
}
