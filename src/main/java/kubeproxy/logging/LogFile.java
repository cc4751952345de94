package kubeproxy.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The log file of one severity, and those that follow when it is full. Not safe for several
/// threads.
///
/// A file that cannot be written must not stop the proxy: from then on lines go to standard error,
/// after one complaint there. Each [#tryAgain] opens the file anew.
final class LogFile {
  private static final long BYTES_PER_MEBIBYTE = 1024 * 1024;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Setup setup;
  private final Severity severity;
  private final Clock clock;
  private final long maxBytes;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private @Nullable FileChannel channel;
  private @Nullable Path path;
  private long length;
  private boolean broken;
  private boolean complained;

  /// What the files of a process have in common.
  ///
  /// @param names how files are called, unless there is only one
  /// @param fallback standard error
  /// @param complaints writes there, too
  record Setup(KlogOptions options, LogFileNames names, LogOutput fallback, Logger complaints) {

    /// Whether there is one file for all severities.
    boolean single() {
      return !options.logFile().isEmpty();
    }

    /// Whether the file of a severity has lines that no other file has.
    boolean isComplete(Severity severity) {
      return single() || options.oneOutput() || severity == Severity.INFO;
    }
  }

  LogFile(Setup setup, Severity severity, Clock clock) {
    this.setup = setup;
    this.severity = severity;
    this.clock = clock;
    long mebibytes = setup.options().logFileMaxMebibytes();
    this.maxBytes =
        mebibytes <= 0 || mebibytes > Long.MAX_VALUE / BYTES_PER_MEBIBYTE
            ? Long.MAX_VALUE
            : mebibytes * BYTES_PER_MEBIBYTE;
  }

  /// Keeps a line until the buffer is full.
  ///
  /// @param shown whether standard error has it already
  void write(byte[] line, boolean shown) {
    if (!broken) {
      prepare(line.length);
    }
    if (broken) {
      if (!shown && setup.isComplete(severity)) {
        setup.fallback().write(severity, line);
      }
      return;
    }
    kept.writeBytes(line);
    if (kept.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  /// Writes what is kept.
  void flush() {
    try {
      writeKept();
    } catch (IOException e) {
      breakOff(e);
    }
  }

  /// After a failure: opens the file with the next line.
  void tryAgain() {
    broken = false;
  }

  void close() {
    flush();
    closeChannel();
  }

  private void prepare(int bytes) {
    try {
      if (channel == null) {
        open(clock.instant(), StandardOpenOption.APPEND);
      } else if (length + kept.size() + bytes > maxBytes) {
        rotate(clock.instant());
      }
    } catch (IOException e) {
      breakOff(e);
    }
  }

  private void rotate(Instant now) throws IOException {
    if (setup.single()) {
      writeKept();
      closeChannel();
      open(now, StandardOpenOption.TRUNCATE_EXISTING);
    } else if (!setup.names().file(severity, now).equals(path)) {
      // Names have seconds: within one, the old file goes on.
      writeKept();
      closeChannel();
      open(now, StandardOpenOption.APPEND);
    }
  }

  private void open(Instant now, StandardOpenOption how) throws IOException {
    Path next =
        setup.single() ? Path.of(setup.options().logFile()) : setup.names().file(severity, now);
    path = next;
    Set<OpenOption> options =
        new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, how));
    if (!setup.single()) {
      // The folder may be one where others write too: a link under our name is not ours.
      options.add(LinkOption.NOFOLLOW_LINKS);
    }
    FileChannel opened = FileChannel.open(next, options);
    channel = opened;
    length = opened.size();
    if (!setup.single()) {
      link(next);
    }
    if (!setup.options().skipLogHeaders()) {
      byte[] header = setup.names().header(now).getBytes(StandardCharsets.UTF_8);
      writeAll(opened, ByteBuffer.wrap(header));
    }
  }

  private void link(Path target) {
    Path link = setup.names().link(severity);
    try {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target.getFileName());
    } catch (IOException | UnsupportedOperationException _) {
      // A convenience; the file is there without it.
    }
  }

  private void writeKept() throws IOException {
    FileChannel open = channel;
    if (open == null || kept.size() == 0) {
      return;
    }
    ByteBuffer lines = ByteBuffer.wrap(kept.toByteArray());
    kept.reset();
    try {
      writeAll(open, lines);
      complained = false;
    } finally {
      kept.write(lines.array(), lines.position(), lines.remaining());
    }
  }

  private void writeAll(FileChannel open, ByteBuffer bytes) throws IOException {
    int all = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
    } finally {
      length += all - bytes.remaining();
    }
  }

  /// Nothing that was kept gets lost.
  private void breakOff(IOException e) {
    broken = true;
    closeChannel();
    if (!complained) {
      complained = true;
      setup
          .complaints()
          .error(e, "Cannot write the log file, its lines go to standard error", "file", path);
    }
    if (setup.isComplete(severity) && !setup.options().alsoLogToStderr()) {
      setup.fallback().write(severity, kept.toByteArray());
    }
    kept.reset();
  }

  private void closeChannel() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException _) {
        // What was written is written.
      }
    }
  }
}
