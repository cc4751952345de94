package kubeproxy.logging;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import kubeproxy.text.GoDuration;
import org.jspecify.annotations.Nullable;

/// Text forms of values that are the same in every format.
final class LogValue {
  private LogValue() {}

  /// What is inside of an `Optional`; everything else as it is.
  static @Nullable Object unwrapped(@Nullable Object value) {
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  /// The text of an object that has no form of its own. A `toString` that fails is told about in
  /// its place, as klog does: a log line must never be the reason why something breaks.
  static String text(Object value) {
    try {
      return switch (value) {
        case Duration duration -> GoDuration.format(duration);
        // The message of these two is nothing but the file.
        case NoSuchFileException error -> error.getMessage() + ": no such file or directory";
        case AccessDeniedException error -> error.getMessage() + ": permission denied";
        case Throwable error ->
            error.getMessage() == null ? error.getClass().getName() : error.getMessage();
        default -> Objects.requireNonNullElse(value.toString(), "null");
      };
    } catch (RuntimeException e) {
      return "<panic: " + e.getClass().getName() + ">";
    }
  }
}
