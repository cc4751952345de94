package kubeproxy.manifests;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import kubeproxy.files.Touched;
import kubeproxy.files.Trail;
import kubeproxy.model.ClusterDelta;
import org.jspecify.annotations.Nullable;

/// The files at the watched path: what each of them said last that was good, and what it may be
/// about to say.
///
/// Files are seldom replaced in one step: many programs truncate a file and write it anew, or move
/// it away first. So what looks like a loss is believed only once it has stayed for a while. None
/// of
/// these delays touches a change that takes nothing away.
final class ManifestFiles {
  /// A file written in place that lacks objects it had: it may be a part of what is being written.
  static final long FEWER_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// A file that is gone: it may be about to be replaced.
  static final long GONE_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// A broken file, or nothing at the path: nothing changes but for a report.
  static final long BROKEN_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /// A file without any document: hardly what anybody wants, but it is no error either.
  static final long EMPTY_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path path;
  private final Consumer<ManifestReport> reports;
  private final LongSupplier nanoTime;
  private final MergedObjects merged = new MergedObjects();
  private final NavigableMap<Path, FileState> states = new TreeMap<>();
  private final Set<Path> held = new HashSet<>();
  private NavigableMap<Path, MergedObjects.Replacement> accepted = new TreeMap<>();
  private boolean lookedBefore;
  private @Nullable String unavailable;
  private long unavailableDueNanos;
  private boolean unavailableReported;

  /// Follows a path, without looking yet.
  ///
  /// @param path absolute
  ManifestFiles(Path path, Consumer<ManifestReport> reports, LongSupplier nanoTime) {
    this.path = path;
    this.reports = reports;
    this.nanoTime = nanoTime;
  }

  /// Whether a file of this name in a folder is read.
  static boolean isManifest(String name) {
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  /// Looks at what may have changed and returns the changes that are beyond doubt. The first look
  /// takes everything as it is.
  ClusterDelta look(Touched touched) {
    if (touched.everything() || unavailable != null) {
      lookAtAll(touched);
    } else {
      touched.files().forEach(file -> check(file, true));
    }
    Set.copyOf(held).forEach(file -> check(file, false));
    lookedBefore = true;
    if (accepted.isEmpty()) {
      return ClusterDelta.NONE;
    }
    MergedObjects.Change change = merged.replace(accepted);
    accepted = new TreeMap<>();
    change.duplicates().forEach(reports);
    return change.delta();
  }

  /// When to look again at the latest, even if nothing is heard of, in [System#nanoTime()].
  OptionalLong nextLookNanos() {
    OptionalLong next =
        held.stream().map(states::get).mapToLong(FileState::dueNanos).reduce(ManifestFiles::sooner);
    if (unavailable == null || unavailableReported) {
      return next;
    }
    return OptionalLong.of(
        next.isPresent() ? sooner(next.getAsLong(), unavailableDueNanos) : unavailableDueNanos);
  }

  private static long sooner(long a, long b) {
    return a - b < 0 ? a : b;
  }

  /// Where changes have to be listened for.
  Map<Path, Trail.Interest> interests() {
    Trail trail = new Trail();
    trail.add(path);
    try {
      list().stream().filter(Files::isSymbolicLink).forEach(trail::add);
    } catch (IOException _) {
      // The way to the path is on the trail, and so is its coming back.
    }
    return trail.interests(path, ManifestFiles::isManifest);
  }

  /// Whether a name in the watched folder is that of a file and not of a link to one.
  boolean isPlain(Path file) {
    return path.equals(file.getParent())
        && isManifest(String.valueOf(file.getFileName()))
        && !Files.isSymbolicLink(file);
  }

  private NavigableSet<Path> list() throws IOException {
    NavigableSet<Path> files = new TreeSet<>();
    if (!Files.isDirectory(path)) {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString(), null, "there is nothing");
      }
      files.add(path);
      return files;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (isManifest(String.valueOf(entry.getFileName()))) {
          files.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  private void lookAtAll(Touched touched) {
    NavigableSet<Path> files;
    try {
      files = list();
    } catch (IOException e) {
      noteUnavailable(e instanceof NoSuchFileException missing ? reason(missing) : e.toString());
      return;
    }
    if (unavailableReported) {
      reports.accept(new ManifestReport.PathFound(path));
    }
    unavailable = null;
    unavailableReported = false;
    // What a link leads to may have been written to at any place on the way.
    boolean links = !touched.files().isEmpty();
    for (Path file : files) {
      check(file, touched.includes(file) || (links && Files.isSymbolicLink(file)));
    }
    states.keySet().stream()
        .filter(file -> !files.contains(file))
        .toList()
        .forEach(file -> check(file, false));
  }

  private static String reason(NoSuchFileException e) {
    return String.valueOf(e.getReason() == null ? "there is nothing" : e.getReason());
  }

  private void noteUnavailable(String reason) {
    long now = nanoTime.getAsLong();
    if (unavailable == null) {
      unavailableDueNanos = lookedBefore ? now + BROKEN_HOLD_NANOS : now;
    }
    unavailable = reason;
    if (!unavailableReported && now - unavailableDueNanos >= 0) {
      reports.accept(new ManifestReport.PathUnavailable(path, reason));
      unavailableReported = true;
    }
  }

  private void check(Path file, boolean readAgain) {
    if (unavailable != null) {
      return;
    }
    FileState state = states.computeIfAbsent(file, FileState::new);
    state.look(readAgain, lookedBefore, nanoTime);
    FileState.Verdict verdict = state.take(nanoTime.getAsLong(), reports);
    if (verdict.replacement() != null) {
      accepted.merge(
          file,
          verdict.replacement(),
          (first, last) -> new MergedObjects.Replacement(first.before(), last.after()));
    }
    if (verdict.gone()) {
      states.remove(file);
    }
    if (state.isHeld()) {
      held.add(file);
    } else {
      held.remove(file);
    }
  }
}
