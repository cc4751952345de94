package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares text with its expected form in `src/test/resources/golden`.
///
/// With `UPDATE_GOLDENS=1`, as an environment variable or a system property, it writes the files
/// instead; the difference is then reviewed like code.
public final class Golden {
  private static final String SWITCH = "UPDATE_GOLDENS";

  private final Path folder;
  private final boolean update;

  Golden(Path folder, boolean update) {
    this.folder = folder;
    this.update = update;
  }

  /// Fails unless the golden file of that name, a path like `nftables/affinity.nft`, holds exactly
  /// this text.
  public static void check(String name, String actual) {
    var folder = Path.of(System.getProperty("basedir", ""), "src/test/resources/golden");
    var update = "1".equals(System.getenv(SWITCH)) || "1".equals(System.getProperty(SWITCH));
    new Golden(folder, update).compare(name, actual);
  }

  void compare(String name, String actual) {
    var file = folder.resolve(name);
    try {
      if (update) {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, actual);
        return;
      }
      var expected = Files.exists(file) ? Files.readString(file) : "";
      assertThat(actual)
          .as("golden %s (%s=1 accepts what the test printed)", name, SWITCH)
          .isEqualTo(expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
