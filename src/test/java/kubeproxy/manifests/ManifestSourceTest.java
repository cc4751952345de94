package kubeproxy.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The source on real files. What has to happen is waited for; what must not happen is followed by
/// something that has to, and the deltas until then are looked at.
class ManifestSourceTest {
  @TempDir Path scratch;
  private Path folder;
  private final List<Followed> opened = new ArrayList<>();

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(scratch.resolve("manifests"));
  }

  @AfterEach
  void close() {
    opened.forEach(Followed::close);
  }

  private Followed follow(Path path) {
    return started(new Followed(path));
  }

  private Followed started(Followed followed) {
    opened.add(followed);
    followed.start();
    return followed;
  }

  private static String service(String name, int port) {
    return ("---\n{apiVersion: v1, kind: Service, metadata: {name: %s},"
            + " spec: {ports: [{port: %d}]}}\n")
        .formatted(name, port);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void replace(String file, String text) throws IOException {
    Path fresh = Files.writeString(folder.resolve(".fresh"), text);
    Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void theFirstDeltaIsAllThereIs() throws IOException {
    write("b.yaml", service("b", 1));
    write("a.yml", service("a", 1) + "---\n{kind: Secret}\n");
    write("c.json", "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"}}");
    write("broken.yaml", "{");
    write(".hidden.yaml", service("hidden", 1));
    write("note.txt", "no manifest");
    Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/d.yaml"), service("d", 1));

    Followed followed = follow(folder);

    followed.awaitServices("a:1", "b:1");
    assertThat(followed.deltas()).isEqualTo(1);
    assertThat(followed.objectCount()).isEqualTo(3);
    followed.awaitReport("rejected broken.yaml");
    assertThat(followed.reports())
        .contains("loaded a.yml {Service=1} skipped {Secret=1}", "loaded c.json {Node=1}");
  }

  @Test
  void anEmptyFolderGivesAnEmptyFirstDelta() {
    Followed followed = follow(folder);

    followed.awaitDeltas(1);
    followed.awaitServices();
  }

  @Test
  void savesInPlaceRenamesAndDeletions() throws IOException {
    write("a.yaml", service("a", 1));
    Followed followed = follow(folder);
    followed.awaitServices("a:1");

    write("a.yaml", service("a", 2));
    followed.awaitServices("a:2");
    replace("a.yaml", service("a", 3) + service("b", 3));
    followed.awaitServices("a:3", "b:3");
    replace("c.yaml", service("c", 4));
    followed.awaitServices("a:3", "b:3", "c:4");
    write("a.yaml", service("a", 3));
    followed.awaitServices("a:3", "c:4");
    Files.delete(folder.resolve("a.yaml"));
    followed.awaitServices("c:4");
    Files.move(folder.resolve("c.yaml"), folder.resolve("d.yaml"));
    followed.awaitReport("removed c.yaml");
    followed.awaitServices("c:4");
  }

  @Test
  void aBrokenFileChangesNothingUntilItIsFixed() throws IOException {
    write("a.yaml", service("a", 1));
    write("b.yaml", service("b", 1));
    Followed followed = follow(folder);
    followed.awaitServices("a:1", "b:1");

    write("a.yaml", service("a", 1) + "spec: {ports: [{port: abc}]");
    followed.awaitReport("rejected a.yaml");
    write("b.yaml", service("b", 2));
    followed.awaitServices("a:1", "b:2");
    write("a.yaml", service("a", 2));
    followed.awaitReport("recovered a.yaml {Service=1}");
    followed.awaitServices("a:2", "b:2");
    assertThat(followed.removals()).isZero();
  }

  @Test
  void theErrorNamesFileLineFieldAndValue() throws IOException {
    write(
        "a.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: abc\n");
    Followed followed = follow(folder);

    ManifestError error = followed.awaitError();
    assertThat(error.file()).isEqualTo(folder.resolve("a.yaml"));
    assertThat(error.toString())
        .endsWith("a.yaml:6:11: spec.ports[0].port: must be a whole number, not \"abc\"");
  }

  @Test
  void aFileThatIsTruncatedAndThenWrittenDoesNotFlash() throws IOException {
    String text = service("a", 1) + service("b", 1);
    write("a.yaml", text);
    Followed followed = follow(folder);
    followed.awaitServices("a:1", "b:1");

    for (int round = 2; round < 12; round++) {
      try (OutputStream out = Files.newOutputStream(folder.resolve("a.yaml"))) {
        // The file is empty now; the marker proves that the source has looked meanwhile.
        write("marker.yaml", service("marker", 2 * round));
        followed.awaitService("marker", 2 * round);
        out.write(service("a", round).getBytes(StandardCharsets.UTF_8));
        out.write(service("b", round).getBytes(StandardCharsets.UTF_8));
      }
      followed.awaitServices("a:" + round, "b:" + round, "marker:" + 2 * round);
    }
    assertThat(followed.removals()).isZero();
    assertThat(followed.reports()).noneMatch(report -> report.startsWith("rejected"));
  }

  @Test
  void aFileThatStaysEmptyCountsAsEmpty() throws IOException {
    write("a.yaml", service("a", 1));
    Followed followed = follow(folder);
    followed.awaitServices("a:1");

    write("a.yaml", "");
    followed.awaitServices();
    assertThat(followed.reports()).contains("loaded a.yaml {}");
  }

  @Test
  void foldersMountedFromAConfigMap() throws IOException {
    version("..2026_1", service("a", 1), service("b", 1));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
    Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("..data/b.yaml"));
    Followed followed = follow(folder);
    followed.awaitServices("a:1", "b:1");

    for (int version = 2; version < 5; version++) {
      version("..2026_" + version, service("a", version), service("b", version));
      Path link = folder.resolve("..data_tmp");
      Files.createSymbolicLink(link, Path.of("..2026_" + version));
      Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      delete(folder.resolve("..2026_" + (version - 1)));
      followed.awaitServices("a:" + version, "b:" + version);
    }
    assertThat(followed.removals()).isZero();
  }

  private void version(String name, String a, String b) throws IOException {
    Path data = Files.createDirectory(folder.resolve(name));
    Files.writeString(data.resolve("a.yaml"), a);
    Files.writeString(data.resolve("b.yaml"), b);
  }

  private static void delete(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry);
      }
    }
    Files.delete(directory);
  }

  @Test
  void aFileGivenDirectlyAndWhatALinkLeadsTo() throws IOException {
    Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
    Path target = Files.writeString(elsewhere.resolve("target"), service("a", 1));
    Path link = Files.createSymbolicLink(scratch.resolve("link"), target);
    Followed followed = follow(link);
    followed.awaitServices("a:1");

    Files.writeString(target, service("a", 2));
    followed.awaitServices("a:2");
    Path fresh = Files.writeString(elsewhere.resolve("fresh"), service("a", 3));
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    followed.awaitServices("a:3");
    Files.writeString(elsewhere.resolve("other"), service("a", 4));
    Path newLink = Files.createSymbolicLink(scratch.resolve("new"), elsewhere.resolve("other"));
    Files.move(newLink, link, StandardCopyOption.ATOMIC_MOVE);
    followed.awaitServices("a:4");
  }

  @Test
  void aPathThatComesLater() throws IOException {
    Path later = scratch.resolve("x/y/z");
    Followed followed = follow(later);
    followed.awaitReport("unavailable z");
    followed.awaitServices();

    Files.createDirectories(later);
    Files.writeString(later.resolve("a.yaml"), service("a", 1));
    followed.awaitServices("a:1");
    followed.awaitReport("found z");
  }

  @Test
  void aFolderThatIsReplaced() throws IOException {
    write("a.yaml", service("a", 1));
    write("b.yaml", service("b", 1));
    Followed followed = follow(folder);
    followed.awaitServices("a:1", "b:1");

    Files.move(folder, scratch.resolve("old"));
    followed.awaitReport("unavailable manifests");
    followed.awaitServices("a:1", "b:1");
    Path fresh = Files.createDirectory(scratch.resolve("fresh"));
    Files.writeString(fresh.resolve("a.yaml"), service("a", 2));
    Files.move(fresh, folder);
    followed.awaitServices("a:2");
    write("a.yaml", service("a", 3));
    followed.awaitServices("a:3");
  }

  @Test
  void theFirstFileByNameWins() throws IOException {
    write("b.yaml", service("x", 2));
    Followed followed = follow(folder);
    followed.awaitServices("x:2");

    write("c.yaml", service("x", 3));
    followed.awaitReport("duplicate Service default/x in b.yaml, not in [c.yaml]");
    write("a.yaml", service("x", 1));
    followed.awaitServices("x:1");
    followed.awaitReport("duplicate Service default/x in a.yaml, not in [b.yaml, c.yaml]");
    ClusterObject winner =
        followed.object(new ObjectId(Kind.SERVICE, new ObjectKey("default", "x")));
    assertThat(winner).isInstanceOf(Service.class);
    assertThat(((Service) winner).problems())
        .extracting(Problem::reason)
        .containsExactly(Problem.Reason.DUPLICATE_OBJECT);

    Files.delete(folder.resolve("a.yaml"));
    followed.awaitServices("x:2");
    Files.delete(folder.resolve("c.yaml"));
    Files.delete(folder.resolve("b.yaml"));
    followed.awaitServices();
  }

  @Test
  void withoutAWatchTheFilesAreLookedAtTimeAndAgain() throws IOException {
    write("a.yaml", service("a", 1));
    Followed followed =
        started(
            new Followed(
                folder,
                () -> {
                  throw new IOException("too many watches");
                }));
    followed.awaitServices("a:1");
    followed.awaitReport("watch unavailable: too many watches");

    replace("a.yaml", service("a", 2));
    followed.awaitServices("a:2");
  }

  @Test
  void aRescanReadsEverything() throws IOException {
    write("a.yaml", service("a", 1));
    Followed followed = follow(folder);
    followed.awaitServices("a:1");
    int deltas = followed.deltas();

    for (int i = 0; i < 100; i++) {
      followed.rescan();
    }
    write("a.yaml", service("a", 2));
    followed.awaitServices("a:2");
    assertThat(followed.deltas()).isEqualTo(deltas + 1);
  }

  @Test
  void whatIsNoFileIsRejected() throws IOException {
    Files.createDirectory(folder.resolve("d.yaml"));
    Files.createSymbolicLink(folder.resolve("l.yaml"), Path.of("nowhere"));
    Followed followed = follow(folder);

    followed.awaitReport("rejected d.yaml");
    followed.awaitReport("rejected l.yaml");
    Files.writeString(folder.resolve("nowhere"), service("l", 1));
    followed.awaitServices("l:1");
    assertThat(List.of("a.yaml", "a.json", "a.yml")).allMatch(ManifestFiles::isManifest);
  }
}
