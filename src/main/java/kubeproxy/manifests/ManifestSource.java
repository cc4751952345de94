package kubeproxy.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kubeproxy.files.FolderWatch;
import kubeproxy.files.Touched;
import kubeproxy.model.ClusterDelta;
import org.jspecify.annotations.Nullable;

/// Follows the manifests at a path: a file, or a folder of which `*.yaml`, `*.yml` and `*.json` are
/// read, sorted by name, without hidden ones and without folders in it.
///
/// Guarantees:
/// - The first delta comes soon after [#start()], even if there is nothing at the path or some of
/// it
///   is broken, and is all there is. Every later one is a change to what was given before.
/// - A file that is not good changes nothing: its last good content stays in force, and other files
///   are not affected. Nor does a path at which there is nothing any more.
/// - A saved change is given within some 10 milliseconds after the last write, plus the time to
///   decode the file. What looks like a loss takes longer, because it may be half of a save: a file
///   written in place with objects missing 20 ms, a deleted file 50 ms, an empty file 500 ms.
/// - Links are followed, and changes of what they lead to noticed, however they are made; so
/// folders
///   mounted from a ConfigMap work.
///
/// Deltas and reports are given on the source's own thread, named `manifests`. [#rescan()] and
/// [#close()] may be called from any thread.
public final class ManifestSource implements AutoCloseable {
  /// A save is a burst of events; it is over when none came for so long.
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// A burst that does not end is looked into after so long.
  private static final long LONGEST_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// Changes above the watched folder's parent, and those on network file systems, raise no events.
  private static final long UNHEARD_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final Duration POLL_EVERY = Duration.ofSeconds(1);

  /// Watching new folders shows more of them; more rounds than links lead through mean that
  /// somebody
  /// swaps them all the time, and events tell of that.
  private static final int MAX_ROUNDS = 8;

  /// Opens a watch of the file system; a port for tests.
  interface WatchOpener {
    WatchService open() throws IOException;
  }

  private final ManifestFiles files;
  private final Consumer<ClusterDelta> deltas;
  private final Consumer<ManifestReport> reports;
  private final WatchOpener opener;
  private final Thread thread;

  private final Object lock = new Object();
  private boolean closing;
  private boolean rescanWanted;
  private boolean waiting;

  /// Touched by the source's thread only; null while polling.
  private @Nullable FolderWatch watch;

  /// A source that does nothing before [#start()].
  public ManifestSource(
      Path path, Consumer<ClusterDelta> deltas, Consumer<ManifestReport> reports) {
    this(path, deltas, reports, () -> FileSystems.getDefault().newWatchService());
  }

  ManifestSource(
      Path path,
      Consumer<ClusterDelta> deltas,
      Consumer<ManifestReport> reports,
      WatchOpener opener) {
    this.files = new ManifestFiles(path.toAbsolutePath().normalize(), reports, System::nanoTime);
    this.deltas = deltas;
    this.reports = reports;
    this.opener = opener;
    this.thread = Thread.ofPlatform().daemon().name("manifests").unstarted(this::run);
  }

  /// Begins to follow the path; returns at once.
  public void start() {
    thread.start();
  }

  /// Looks at everything again and reads every file, whether anything was heard of or not; also
  /// tries again to listen if that had failed. Returns at once.
  public void rescan() {
    synchronized (lock) {
      rescanWanted = true;
      wake();
    }
  }

  /// Stops, and waits until the last delta was taken. Nothing is given afterwards.
  @Override
  public void close() {
    synchronized (lock) {
      closing = true;
      wake();
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Only an interrupt ends the wait for the file system, and only that wait may be interrupted.
  private void wake() {
    if (waiting) {
      waiting = false;
      thread.interrupt();
    }
  }

  private void run() {
    openWatch();
    try {
      deltas.accept(look(Touched.ANYTHING));
      Touched touched = awaitChange();
      while (!isClosing()) {
        ClusterDelta delta = look(touched);
        if (!delta.changes().isEmpty()) {
          deltas.accept(delta);
        }
        touched = awaitChange();
      }
    } finally {
      closeWatch();
    }
  }

  private boolean isClosing() {
    synchronized (lock) {
      return closing;
    }
  }

  private void openWatch() {
    try {
      watch = new FolderWatch(opener.open());
    } catch (IOException e) {
      poll(e);
    }
  }

  private void closeWatch() {
    if (watch == null) {
      return;
    }
    try {
      watch.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a watch of files", e);
    } finally {
      watch = null;
    }
  }

  private void poll(IOException why) {
    reports.accept(
        new ManifestReport.WatchUnavailable(String.valueOf(why.getMessage()), POLL_EVERY));
    closeWatch();
  }

  /// Looks at what was touched. Listens first and looks then, so that no change falls between.
  private ClusterDelta look(Touched touched) {
    boolean links = touched.everything();
    if (links) {
      listen();
    }
    ClusterDelta delta = files.look(touched);
    for (int round = 0; links && round < MAX_ROUNDS && listen(); round++) {
      delta = delta.then(files.look(Touched.ANYTHING));
    }
    return delta;
  }

  /// Listens where it is needed now. Returns whether some of it is new.
  private boolean listen() {
    if (watch == null) {
      return false;
    }
    try {
      return watch.listenTo(files.interests());
    } catch (IOException e) {
      poll(e);
      return false;
    }
  }

  private Touched awaitChange() {
    Touched touched = awaitEvents(waitNanos());
    if (takeRescanWanted()) {
      if (watch == null) {
        openWatch();
      }
      return new Touched(true, true, touched.files());
    }
    if (touched.isNothing()) {
      boolean held = files.nextLookNanos().isPresent();
      return held && watch != null ? Touched.NOTHING : Touched.ANYTHING;
    }
    long end = System.nanoTime() + LONGEST_BURST_NANOS;
    Touched more = touched;
    while (!more.isNothing() && System.nanoTime() - end < 0) {
      more = awaitEvents(QUIET_NANOS);
      touched = touched.and(more);
    }
    return touched;
  }

  private long waitNanos() {
    long longest = watch == null ? POLL_EVERY.toNanos() : UNHEARD_NANOS;
    long next = files.nextLookNanos().orElse(System.nanoTime() + longest) - System.nanoTime();
    return Math.clamp(next, 0, longest);
  }

  private boolean takeRescanWanted() {
    synchronized (lock) {
      boolean wanted = rescanWanted;
      rescanWanted = false;
      return wanted;
    }
  }

  private Touched awaitEvents(long nanos) {
    synchronized (lock) {
      if (closing || rescanWanted) {
        return Touched.NOTHING;
      }
      waiting = true;
    }
    try {
      if (watch != null) {
        return watch.await(nanos, files::isPlain);
      }
      TimeUnit.NANOSECONDS.sleep(nanos);
      return Touched.NOTHING;
    } catch (InterruptedException _) {
      return Touched.NOTHING;
    } finally {
      stopWaiting();
    }
  }

  private void stopWaiting() {
    synchronized (lock) {
      if (!waiting) {
        // Woken: the interrupt may have come after the wait was over.
        boolean _ = Thread.interrupted();
      }
      waiting = false;
    }
  }
}
