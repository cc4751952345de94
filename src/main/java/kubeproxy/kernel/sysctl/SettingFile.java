package kubeproxy.kernel.sysctl;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// A file that holds one number.
final class SettingFile {

  private final Path path;

  SettingFile(Path path) {
    this.path = path;
  }

  /// The number, or empty where the file cannot be read or holds none.
  OptionalLong value() {
    try {
      return OptionalLong.of(read());
    } catch (IOException | NumberFormatException unreadable) {
      return OptionalLong.empty();
    }
  }

  /// Writes `wanted` unless it is there already.
  Setting set(long wanted) {
    try {
      return setTo(wanted, read());
    } catch (NumberFormatException noNumber) {
      return new Setting.Failed(path, wanted, false, "it holds no number");
    } catch (IOException failure) {
      return failed(wanted, failure);
    }
  }

  /// Writes `wanted` if what is there is less.
  Setting raise(long wanted) {
    OptionalLong current = value();
    if (current.isPresent() && current.getAsLong() >= wanted) {
      return new Setting.Unchanged(path, wanted);
    }
    return set(wanted);
  }

  private Setting setTo(long wanted, long previous) throws IOException {
    if (previous == wanted) {
      return new Setting.Unchanged(path, wanted);
    }
    // Neither created nor truncated: the kernel takes a value from one write.
    Files.writeString(path, Long.toString(wanted), StandardOpenOption.WRITE);
    return new Setting.Changed(path, wanted, previous);
  }

  private long read() throws IOException {
    return Long.parseLong(Files.readString(path).strip());
  }

  private Setting failed(long wanted, IOException failure) {
    boolean readOnly = Mounts.isReadOnly(path);
    String reason =
        switch (failure) {
          case NoSuchFileException _ -> "no such file; is the kernel module loaded?";
          case AccessDeniedException _ when !readOnly -> "the kernel does not allow it";
          default -> readOnly ? "its file system is read-only" : String.valueOf(failure);
        };
    return new Setting.Failed(path, wanted, readOnly, reason);
  }
}
