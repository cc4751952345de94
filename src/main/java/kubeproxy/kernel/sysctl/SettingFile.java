package kubeproxy.kernel.sysctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// A file that holds one number.
final class SettingFile {

  /// A 64-bit number, its sign, a line break, and room for more.
  private static final int LONGEST_NUMBER_BYTES = 64;

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
    // One read with room for all: the kernel gives a number to the first read only, and a library
    // that goes by the size of the file, which is 0, asks for a single byte first.
    byte[] bytes = new byte[LONGEST_NUMBER_BYTES];
    try (InputStream file = Files.newInputStream(path)) {
      int length = Math.max(0, file.read(bytes));
      return Long.parseLong(new String(bytes, 0, length, StandardCharsets.US_ASCII).strip());
    }
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
