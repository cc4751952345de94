package kubeproxy.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Listens for changes in folders, by inotify on Linux. Used by one thread; only [#close] may be
/// called by another one, whose wait then ends with a [java.nio.file.ClosedWatchServiceException].
public final class FolderWatch implements AutoCloseable {

  /// A folder that is listened to.
  ///
  /// @param identity its device and inode: another folder may come to stand at the same path, while
  ///     the kernel goes on telling of the one that was there
  private record Watched(@Nullable Object identity, WatchKey key, Trail.Interest interest) {}

  private final WatchService service;
  private final Map<Path, Watched> watched = new HashMap<>();

  /// A watch of nothing so far.
  public FolderWatch(WatchService service) {
    this.service = service;
  }

  /// Listens to these folders and to no others. Returns whether any was added: what happened there
  /// before went unheard.
  ///
  /// @throws IOException if the kernel has no more watches for us
  public boolean listenTo(Map<Path, Trail.Interest> wanted) throws IOException {
    boolean added = false;
    Map<Path, Watched> next = new HashMap<>();
    for (Map.Entry<Path, Trail.Interest> entry : wanted.entrySet()) {
      Path folder = entry.getKey();
      try {
        @Nullable Object identity =
            Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        Watched known = watched.get(folder);
        if (known != null && known.key.isValid() && Objects.equals(known.identity, identity)) {
          next.put(folder, new Watched(identity, known.key, entry.getValue()));
        } else {
          next.put(folder, new Watched(identity, register(folder), entry.getValue()));
          added = true;
        }
      } catch (NoSuchFileException | NotDirectoryException _) {
        // It went away just now; the folder above it, also wanted, tells when it comes back.
        added = true;
      }
    }
    Set<WatchKey> kept = new HashSet<>();
    next.values().forEach(folder -> kept.add(folder.key));
    watched.values().stream()
        .map(Watched::key)
        .filter(Predicate.not(kept::contains))
        .forEach(WatchKey::cancel);
    watched.clear();
    watched.putAll(next);
    return added;
  }

  private WatchKey register(Path folder) throws IOException {
    return folder.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  /// Waits for a change that matters, at most so long; [Touched#NOTHING] if none came.
  ///
  /// @param plain whether a path is that of a plain file in the watched folder, a change to which
  ///     is a change to that file alone
  public Touched await(long nanos, Predicate<Path> plain) throws InterruptedException {
    WatchKey key = service.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    Touched touched = Touched.NOTHING;
    while (key != null) {
      touched = touched.and(touchedBy(key, plain));
      if (!key.reset()) {
        touched = touched.and(Touched.ANYTHING);
      }
      key = service.poll();
    }
    return touched;
  }

  private Touched touchedBy(WatchKey key, Predicate<Path> plain) {
    Set<Path> files = new HashSet<>();
    boolean everything = false;
    boolean contents = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
        everything = true;
        contents = true;
      } else if (event.context() instanceof Path name) {
        for (Map.Entry<Path, Watched> entry : watched.entrySet()) {
          Watched folder = entry.getValue();
          if (folder.key.equals(key) && folder.interest.in(name.toString())) {
            Path file = entry.getKey().resolve(name);
            files.add(file);
            everything |= !plain.test(file);
          }
        }
      }
    }
    return new Touched(everything, contents, files);
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
