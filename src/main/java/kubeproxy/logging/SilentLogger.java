package kubeproxy.logging;

import org.jspecify.annotations.Nullable;

/// Writes nothing.
final class SilentLogger implements Logger {

  @Override
  public boolean enabled() {
    return false;
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
  public void info(String message, @Nullable Object... keysAndValues) {}

  @Override
  public void info(String message) {}

  @Override
  public void info(String message, String key, @Nullable Object value) {}

  @Override
  public void info(
      String message, String key1, @Nullable Object value1, String key2, @Nullable Object value2) {}

  @Override
  public void warn(String message, @Nullable Object... keysAndValues) {}

  @Override
  public void error(@Nullable Throwable error, String message, @Nullable Object... keysAndValues) {}
}
