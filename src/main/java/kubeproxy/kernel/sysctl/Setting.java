package kubeproxy.kernel.sysctl;

import java.nio.file.Path;

/// What became of a setting that was to have a value.
public sealed interface Setting {

  /// The file of the setting.
  Path path();

  /// The value it was to have, or where more does no harm the least one.
  long wanted();

  /// It was right, or more than wanted where that is right too, and was not written.
  record Unchanged(Path path, long wanted) implements Setting {}

  /// It was written.
  ///
  /// @param previous what it was
  record Changed(Path path, long wanted, long previous) implements Setting {}

  /// It is not what it was to be.
  ///
  /// @param readOnlyFileSystem whether the file system it is on is mounted read-only, as in a
  ///   container without privileges; if not, the kernel refused, as it does outside of the first
  ///   network namespace with settings of the whole machine
  /// @param reason for people
  record Failed(Path path, long wanted, boolean readOnlyFileSystem, String reason)
      implements Setting {

    @Override
    public String toString() {
      return "cannot set " + path + " to " + wanted + ": " + reason;
    }
  }
}
