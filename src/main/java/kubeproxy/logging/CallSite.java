package kubeproxy.logging;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where in the program something is logged: the first frame of the stack that is not of the
/// logger.
///
/// @param className with its package
/// @param fileName without folders, as `SyncLoop.java`
record CallSite(String className, String fileName, int line) {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Set<String> LOGGER_CLASSES =
      Set.of(
          CallSite.class.getName(),
          StructuredLogger.class.getName(),
          Verbosity.class.getName(),
          VmoduleFilter.class.getName());

  /// What klog writes if it does not know.
  private static final CallSite UNKNOWN = new CallSite("", "???", 1);

  /// Where the calling method of the logger was called.
  static CallSite here() {
    return walk(CallSite::of, UNKNOWN);
  }

  /// Only the class; much cheaper.
  static String classHere() {
    return walk(StackFrame::getClassName, "");
  }

  private static <T> T walk(Function<StackFrame, T> found, T otherwise) {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !LOGGER_CLASSES.contains(frame.getClassName()))
            .findFirst()
            .map(found)
            .orElse(otherwise));
  }

  private static CallSite of(StackFrame frame) {
    @Nullable String file = frame.getFileName();
    return file == null
        ? new CallSite(frame.getClassName(), UNKNOWN.fileName(), UNKNOWN.line())
        : new CallSite(frame.getClassName(), file, Math.max(0, frame.getLineNumber()));
  }

  /// The folders of the package and the file without its ending, as `kubeproxy/engine/SyncLoop`.
  String path() {
    String folders = className.substring(0, className.lastIndexOf('.') + 1).replace('.', '/');
    int ending = fileName.lastIndexOf('.');
    return folders + (ending < 0 ? fileName : fileName.substring(0, ending));
  }

  /// The file with the folder it is in, as `engine/SyncLoop.java`.
  String fileInFolder() {
    int packageEnd = className.lastIndexOf('.');
    if (packageEnd < 0) {
      return fileName;
    }
    int from = className.lastIndexOf('.', packageEnd - 1) + 1;
    return className.substring(from, packageEnd) + "/" + fileName;
  }
}
