package kubeproxy.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows the content of one file, on a thread of its own.
///
/// It sees writes in place, files renamed over it, and links on the way that come to lead
/// elsewhere, as a kubelet swaps the files of a ConfigMap. What it sees is believed once it has
/// stayed for a while, because a save is seldom one step: half a file is told of only if its writer
/// pauses longer than that. What does not change the text is not told of. A file that is gone,
/// empty or unreadable changes nothing; whoever follows it goes on with what there was.
public final class FileFollower implements AutoCloseable {

  /// A text that stayed for so long is whole.
  static final Duration SETTLED = Duration.ofMillis(100);

  /// A file that stayed away or empty for so long is not about to be replaced.
  static final Duration GONE = Duration.ofSeconds(1);

  /// Changes far above the file, and those on network file systems, raise no events.
  private static final Duration UNHEARD = Duration.ofSeconds(10);

  private static final Duration POLL_EVERY = Duration.ofSeconds(1);

  /// More rounds than links lead through mean that somebody swaps them all the time.
  private static final int MAX_ROUNDS = 8;

  /// A configuration has a few kilobytes; a file of this size was surely not meant.
  private static final int MAX_BYTES = 16 << 20;

  /// Is told, by one thread at a time: that of the follower or one that calls [#tellNow].
  public interface Listener {

    /// The file has another text than the last one told of, or than the one known at first.
    void changed(String text);

    /// There is no text to be had; the last one may be used on. Told once, until there is one again
    /// or another reason why not.
    void unavailable(String reason);

    /// After there was none, the text that was told of last, or known at first, is there again.
    default void returned(String text) {}
  }

  /// What a look found.
  private sealed interface Found {
    record Content(String text) implements Found {}

    record Nothing(String reason) implements Found {}
  }

  private final Path file;
  private final Listener listener;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Null while polling. Others than the thread only close it.
  private volatile @Nullable FolderWatch watch;

  /// Guards what has been told, and telling.
  private final Object lock = new Object();

  private @Nullable String known;
  private String reported = "";

  /// A follower that does nothing before [#start].
  ///
  /// @param known the text that is in use already, or null if there is none
  /// @param name of the thread
  public FileFollower(Path file, @Nullable String known, String name, Listener listener) {
    this.file = file.toAbsolutePath();
    this.known = known;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /// Begins to follow; returns at once. A text other than the one known is told of even if it was
  /// there before.
  public void start() {
    thread.start();
  }

  /// Reads the file as it is at this moment and tells what is found, even if it has been told
  /// before, on the calling thread. Any thread.
  public void tellNow() {
    synchronized (lock) {
      Found found = look();
      if (found instanceof Found.Content) {
        known = null;
      } else {
        reported = "";
      }
      tell(found);
    }
  }

  /// Stops; after that nothing is told.
  @Override
  public void close() {
    closed.countDown();
    closeWatch();
    if (Thread.currentThread() == thread || !thread.isAlive()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      watch = new FolderWatch(FileSystems.getDefault().newWatchService());
    } catch (IOException _) {
      // No more watches to be had; looking each second does as well.
    }
    try {
      while (!isClosed()) {
        listen();
        Found found = settled();
        tell(found);
        boolean _ = await(watch == null ? POLL_EVERY : UNHEARD);
      }
    } catch (InterruptedException | ClosedWatchServiceException _) {
      // It is being closed.
    } finally {
      closeWatch();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void closeWatch() {
    FolderWatch open = watch;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException _) {
      // It is out of use either way.
    }
  }

  /// What is there once it has stayed the same for long enough.
  private Found settled() throws InterruptedException {
    Found found = look();
    while (!isClosed() && !isTold(found)) {
      boolean kept = !await(found instanceof Found.Content ? SETTLED : GONE);
      listen();
      Found again = look();
      if (kept && again.equals(found)) {
        return again;
      }
      found = again;
    }
    return found;
  }

  private boolean isTold(Found found) {
    synchronized (lock) {
      return switch (found) {
        case Found.Content(String text) -> text.equals(known) && reported.isEmpty();
        case Found.Nothing(String reason) -> reason.equals(reported);
      };
    }
  }

  private void tell(Found found) {
    synchronized (lock) {
      if (isClosed()) {
        return;
      }
      switch (found) {
        case Found.Content(String text) -> {
          boolean wasGone = !reported.isEmpty();
          reported = "";
          if (!text.equals(known)) {
            known = text;
            listener.changed(text);
          } else if (wasGone) {
            listener.returned(text);
          }
        }
        case Found.Nothing(String reason) -> {
          if (!reason.equals(reported)) {
            reported = reason;
            listener.unavailable(reason);
          }
        }
      }
    }
  }

  /// Listens first and looks then, so that no change falls between.
  private void listen() {
    FolderWatch open = watch;
    if (open == null) {
      return;
    }
    try {
      boolean added = true;
      for (int round = 0; added && round < MAX_ROUNDS; round++) {
        Trail trail = new Trail();
        trail.add(file);
        added = open.listenTo(trail.interests());
      }
    } catch (IOException _) {
      closeWatch();
      watch = null;
    }
  }

  /// Waits for a change, at most so long. Returns whether one came.
  private boolean await(Duration longest) throws InterruptedException {
    FolderWatch open = watch;
    if (open == null) {
      return closed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }
    return !open.await(longest.toNanos(), _ -> false).isNothing();
  }

  private Found look() {
    try (InputStream bytes = new FileInputStream(file.toFile())) {
      byte[] content = bytes.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        return new Found.Nothing("it is larger than " + MAX_BYTES + " bytes");
      }
      String text = new String(content, StandardCharsets.UTF_8);
      return text.isBlank() ? new Found.Nothing("it is empty") : new Found.Content(text);
    } catch (IOException e) {
      return new Found.Nothing(String.valueOf(e.getMessage()));
    }
  }
}
