package kubeproxy.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import kubeproxy.files.FileStamp;
import org.jspecify.annotations.Nullable;

/// One file: its content in force, the error that was reported last, and what was seen of it but
/// not believed yet.
final class FileState {

  /// What became of a look.
  ///
  /// @param replacement the new content in force, or null if it stays
  /// @param gone whether the file is gone for good
  record Verdict(MergedObjects.@Nullable Replacement replacement, boolean gone) {
    static final Verdict NOTHING = new Verdict(null, false);
  }

  /// Seen, but not believed before `dueNanos`.
  ///
  /// @param outcome what was read, or null if there is no such file
  private record Held(FileReader.@Nullable Outcome outcome, long dueNanos) {}

  private final Path file;
  private @Nullable FileStamp stamp;
  private @Nullable FileContent content;
  private @Nullable ManifestError reported;
  private @Nullable Held held;

  /// A file of which nothing is known.
  FileState(Path file) {
    this.file = file;
  }

  boolean isHeld() {
    return held != null;
  }

  /// When what was seen is believed if it stays; only while something is held.
  long dueNanos() {
    return Objects.requireNonNull(held).dueNanos;
  }

  /// Looks at the file, and reads it if its stamp differs.
  ///
  /// @param readAgain whether to read it whatever its stamp
  /// @param mayHold whether what is seen may be doubted
  void look(boolean readAgain, boolean mayHold, LongSupplier nanoTime) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (held == null || held.outcome != null) {
        stamp = null;
        held = new Held(null, nanoTime.getAsLong() + ManifestFiles.GONE_HOLD_NANOS);
      }
      return;
    }
    @Nullable FileStamp seen = null;
    FileReader.Outcome failure = FileReader.bad(file, "");
    try {
      seen = FileStamp.of(file);
    } catch (NoSuchFileException _) {
      failure = FileReader.bad(file, "is a link to nothing");
    } catch (IOException e) {
      failure = FileReader.bad(file, "cannot be looked at: " + e.getMessage());
    }
    boolean wasGone = held != null && held.outcome == null;
    if (!readAgain && !wasGone && stamp != null && stamp.equals(seen)) {
      return;
    }
    if (seen == null && stamp == null && (held != null || reported != null)) {
      return;
    }
    FileReader.Outcome outcome = seen == null ? failure : FileReader.read(file, seen);
    boolean inPlace =
        seen != null && stamp != null && Objects.equals(seen.identity(), stamp.identity());
    stamp = seen;
    long hold = mayHold ? holdNanos(outcome, inPlace) : 0;
    held = new Held(outcome, nanoTime.getAsLong() + hold);
  }

  private long holdNanos(FileReader.Outcome outcome, boolean inPlace) {
    return switch (outcome) {
      case FileReader.Outcome.Bad _ -> ManifestFiles.BROKEN_HOLD_NANOS;
      case FileReader.Outcome.Good(FileContent read) -> {
        if (read.documents() == 0 && (content == null || content.documents() > 0)) {
          yield ManifestFiles.EMPTY_HOLD_NANOS;
        }
        boolean fewer = inPlace && content != null && read.lacksAnyOf(content);
        yield fewer ? ManifestFiles.FEWER_HOLD_NANOS : 0;
      }
    };
  }

  /// Takes what was seen for the truth if it is due; reports what that means.
  Verdict take(long nowNanos, Consumer<ManifestReport> reports) {
    Held due = held;
    if (due == null || nowNanos - due.dueNanos < 0) {
      return Verdict.NOTHING;
    }
    held = null;
    return switch (due.outcome) {
      case null -> takeGone(reports);
      case FileReader.Outcome.Bad(ManifestError error) -> takeError(error, reports);
      case FileReader.Outcome.Good(FileContent read) -> takeContent(read, reports);
    };
  }

  private Verdict takeGone(Consumer<ManifestReport> reports) {
    if (content != null || reported != null) {
      reports.accept(new ManifestReport.FileRemoved(file));
    }
    FileContent before = content;
    return new Verdict(
        before == null ? null : new MergedObjects.Replacement(before, FileContent.NOTHING), true);
  }

  private Verdict takeError(ManifestError error, Consumer<ManifestReport> reports) {
    if (!error.equals(reported)) {
      reported = error;
      reports.accept(new ManifestReport.FileRejected(error, content != null));
    }
    return Verdict.NOTHING;
  }

  private Verdict takeContent(FileContent read, Consumer<ManifestReport> reports) {
    @Nullable FileContent before = content;
    FileContent after = before == null ? read : read.sharing(before);
    boolean recovered = reported != null;
    if (after.equals(before) && !recovered) {
      return Verdict.NOTHING;
    }
    content = after;
    reported = null;
    reports.accept(
        new ManifestReport.FileLoaded(
            file, after.counts(), after.skipped(), after.ignored(), recovered));
    FileContent was = before == null ? FileContent.NOTHING : before;
    return new Verdict(new MergedObjects.Replacement(was, after), false);
  }
}
