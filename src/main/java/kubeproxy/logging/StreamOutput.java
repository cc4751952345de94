package kubeproxy.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// One stream, with or without a buffer. A stream that fails loses lines: there is no better place
/// to complain, and that must not stop the proxy.
final class StreamOutput implements LogOutput {
  /// What one write can carry.
  private static final long LARGEST_BUFFER = Integer.MAX_VALUE / 2;

  private final OutputStream stream;
  private long capacity;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);

  /// @param bufferBytes how much is kept; 0 for nothing. The buffer grows as it is used
  StreamOutput(OutputStream stream, long bufferBytes) {
    this.stream = stream;
    this.capacity = Math.min(bufferBytes, LARGEST_BUFFER);
  }

  @Override
  public synchronized void write(Severity severity, byte[] line) {
    if (kept.size() + (long) line.length > capacity) {
      flush();
    }
    if (line.length > capacity || severity.atLeast(Severity.ERROR)) {
      flush();
      writeNow(line);
    } else {
      kept.writeBytes(line);
    }
  }

  @Override
  public synchronized void flush() {
    if (kept.size() > 0) {
      byte[] lines = kept.toByteArray();
      kept.reset();
      writeNow(lines);
    }
  }

  @Override
  public synchronized boolean keeps() {
    return capacity > 0;
  }

  @Override
  public synchronized void close() {
    flush();
    capacity = 0;
  }

  private void writeNow(byte[] bytes) {
    try {
      stream.write(bytes);
      stream.flush();
    } catch (IOException _) {
      // See the comment of the class.
    }
  }
}
