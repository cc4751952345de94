package kubeproxy.manifests;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.decode.DocumentDecoder;
import kubeproxy.decode.JsonTokenReader;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectSink;
import kubeproxy.decode.YamlTokenReader;
import kubeproxy.files.FileStamp;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Problem;

/// Reads one manifest file as a whole.
final class FileReader {
  /// A cluster of 10,000 Services with ten endpoints each takes 75 MB; a file of this size was
  /// surely not meant.
  private static final long MAX_BYTES = 1L << 30;

  private static final int BUFFER_BYTES = 64 * 1024;

  /// A file as read.
  sealed interface Outcome {

    /// It is good.
    record Good(FileContent content) implements Outcome {}

    /// It is not.
    record Bad(ManifestError error) implements Outcome {}
  }

  private FileReader() {}

  /// Reads a file.
  ///
  /// @param stamp its present stamp
  static Outcome read(Path file, FileStamp stamp) {
    if (!stamp.regular()) {
      return bad(file, "is not a regular file");
    }
    if (stamp.size() > MAX_BYTES) {
      return bad(file, "is larger than " + MAX_BYTES + " bytes");
    }
    // Not Files.newInputStream: an interrupt, which is how the thread is woken, would close that.
    try (InputStream raw = new FileInputStream(file.toFile());
        BufferedInputStream bytes = new BufferedInputStream(raw, BUFFER_BYTES)) {
      return new Outcome.Good(decode(file, bytes));
    } catch (MalformedInput e) {
      return new Outcome.Bad(ManifestError.of(file, e));
    } catch (IOException e) {
      return unreadable(file, e);
    } catch (UncheckedIOException e) {
      return unreadable(file, e);
    }
  }

  private static Outcome unreadable(Path file, Exception e) {
    return bad(file, "cannot be read: " + e.getMessage());
  }

  static Outcome bad(Path file, String message) {
    return new Outcome.Bad(ManifestError.ofWhole(file, message));
  }

  /// A name that ends in `.json` means JSON. What is in other files may be JSON too, which the JSON
  /// parser reads many times faster than the YAML parser could.
  private static FileContent decode(Path file, BufferedInputStream bytes)
      throws MalformedInput, IOException {
    if (file.toString().endsWith(".json")) {
      return decodeJson(bytes);
    }
    if (!startsWithBrace(bytes)) {
      return decodeYaml(bytes);
    }
    try {
      return decodeJson(bytes);
    } catch (MalformedInput _) {
      // A flow mapping of YAML starts with a brace as well. Read it again from the start; if that
      // is an error too, it is in the words of YAML, which is what the file says it is.
      try (InputStream again = new FileInputStream(file.toFile())) {
        return decodeYaml(again);
      }
    }
  }

  private static boolean startsWithBrace(BufferedInputStream bytes) throws IOException {
    bytes.mark(BUFFER_BYTES);
    int first = bytes.read();
    for (int i = 1; i < BUFFER_BYTES && isBlank(first); i++) {
      first = bytes.read();
    }
    bytes.reset();
    return first == '{';
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static FileContent decodeJson(InputStream bytes) throws MalformedInput {
    Collector collector = new Collector();
    return collector.content(new DocumentDecoder(collector).decode(new JsonTokenReader(bytes)));
  }

  private static FileContent decodeYaml(InputStream bytes) throws MalformedInput {
    Collector collector = new Collector();
    return collector.content(new DocumentDecoder(collector).decode(new YamlTokenReader(bytes)));
  }

  private static final class Collector implements ObjectSink {
    private final List<ClusterObject> objects = new ArrayList<>();
    private final SortedMap<String, Integer> skipped = new TreeMap<>();
    private final List<Problem> ignored = new ArrayList<>();

    @Override
    public void object(ClusterObject object) {
      objects.add(object);
    }

    @Override
    public void ignored(Problem problem) {
      ignored.add(problem);
    }

    @Override
    public void skipped(String kind) {
      skipped.merge(kind, 1, Integer::sum);
    }

    FileContent content(int documents) {
      return FileContent.of(documents, objects, skipped, List.copyOf(ignored));
    }
  }
}
