package kubeproxy.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// What tells one state of a file from the next without reading it.
///
/// @param identity device and inode: the same after a write in place, another after a rename
/// @param regular whether it is a regular file, whatever links lead to it
public record FileStamp(@Nullable Object identity, FileTime modified, long size, boolean regular) {

  /// The stamp of the file that the path leads to.
  ///
  /// @throws IOException if there is none or it cannot be looked at
  public static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(
        attributes.fileKey(),
        attributes.lastModifiedTime(),
        attributes.size(),
        attributes.isRegularFile());
  }
}
