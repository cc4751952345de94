package kubeproxy.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps every line of any verbosity as a letter, the message, and the pairs: `W message
/// key=value`.
public final class RecordingLogger implements Logger {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /// What was logged so far.
  public List<String> lines() {
    return List.copyOf(lines);
  }

  private void add(char severity, String message, @Nullable Object... keysAndValues) {
    StringBuilder line = new StringBuilder().append(severity).append(' ').append(message);
    for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
      line.append(' ').append(keysAndValues[i]).append('=').append(keysAndValues[i + 1]);
    }
    lines.add(line.toString());
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public Logger v(int level) {
    return this;
  }

  @Override
  public Logger limited(LogLimit limit) {
    return this;
  }

  @Override
  public void info(String message, @Nullable Object... keysAndValues) {
    add('I', message, keysAndValues);
  }

  @Override
  public void info(String message) {
    add('I', message);
  }

  @Override
  public void info(String message, String key, @Nullable Object value) {
    add('I', message, key, value);
  }

  @Override
  public void info(
      String message, String key1, @Nullable Object value1, String key2, @Nullable Object value2) {
    add('I', message, key1, value1, key2, value2);
  }

  @Override
  public void warn(String message, @Nullable Object... keysAndValues) {
    add('W', message, keysAndValues);
  }

  @Override
  public void error(@Nullable Throwable error, String message, @Nullable Object... keysAndValues) {
    add('E', message, keysAndValues);
  }
}
