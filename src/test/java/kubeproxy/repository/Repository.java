package kubeproxy.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of this tree.
final class Repository {
  static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  private static final Pattern NOT_OURS = Pattern.compile("target/.*|\\.(?!ci/)[^/]*/.*");

  /// Formats that are not text, and so follow no rule about text.
  private static final Set<String> BINARY = Set.of("class", "gz", "jar", "pcap", "png");

  private Repository() {}

  /// Every text file somebody wrote, as a sorted list of paths relative to the root. Test resources
  /// are recordings and expected output, which nobody tidies.
  static List<String> textFiles() {
    return files(ROOT).stream()
        .map(file -> ROOT.relativize(file).toString())
        .filter(path -> !NOT_OURS.matcher(path).matches())
        .filter(path -> !path.startsWith("src/test/resources/"))
        .filter(path -> !BINARY.contains(path.substring(path.lastIndexOf('.') + 1)))
        .toList();
  }

  /// Every compiled class of the main code.
  static List<Path> mainClasses() {
    return files(ROOT.resolve("target/classes")).stream()
        .filter(file -> file.toString().endsWith(".class"))
        .toList();
  }

  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /// A checked-in list: its lines without comments and blank lines.
  static List<String> readList(String name) {
    return read("src/test/resources/kubeproxy/repository/" + name)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
