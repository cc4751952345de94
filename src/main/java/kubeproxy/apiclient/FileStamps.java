package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// By what one sees that files were replaced, without reading them. Symbolic links are followed, as
/// the volumes of Kubernetes are replaced by changing one.
record FileStamps(Map<Path, Optional<Stamp>> stamps) {

  /// One file.
  ///
  /// @param identity device and inode
  record Stamp(FileTime modified, long size, String identity) {}

  FileStamps {
    stamps = Map.copyOf(stamps);
  }

  /// Those of files as they are now; a file that is not there has none.
  static FileStamps of(Iterable<Path> files) {
    Map<Path, Optional<Stamp>> stamps = new LinkedHashMap<>();
    for (Path file : files) {
      stamps.put(file, stamp(file));
    }
    return new FileStamps(stamps);
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey())));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// These, and those of files that are not among them.
  FileStamps and(FileStamps later) {
    Map<Path, Optional<Stamp>> all = new LinkedHashMap<>(later.stamps);
    all.putAll(stamps);
    return new FileStamps(all);
  }

  /// Whether the files are as they were.
  boolean areCurrent() {
    List<Path> files = new ArrayList<>(stamps.keySet());
    return of(files).equals(this);
  }
}
