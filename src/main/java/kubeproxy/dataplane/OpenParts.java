package kubeproxy.dataplane;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a mode has opened. Closed in the reverse order, all of it whatever fails. Used by one
/// thread at a time.
public final class OpenParts implements Closeable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /// Adds a part.
  ///
  /// @return the same
  public <T extends AutoCloseable> T add(T part) {
    open.push(part);
    return part;
  }

  /// Closes them.
  ///
  /// @throws IOException of the last that could not be closed
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        failure = e;
      } catch (Exception e) {
        failure = new IOException(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
