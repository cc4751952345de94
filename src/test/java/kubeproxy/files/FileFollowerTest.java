package kubeproxy.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileFollowerTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private @TempDir Path folder;
  private Path file;
  private @Nullable FileFollower follower;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("config.yaml");
  }

  @AfterEach
  void close() {
    if (follower != null) {
      follower.close();
    }
  }

  private void follow(Path path, @Nullable String known) {
    follower =
        new FileFollower(
            path,
            known,
            "follower",
            new FileFollower.Listener() {
              @Override
              public void changed(String text) {
                told.add(text);
              }

              @Override
              public void unavailable(String reason) {
                told.add("unavailable");
              }

              @Override
              public void returned(String text) {
                told.add("returned " + text);
              }
            });
    follower.start();
  }

  private @Nullable String next() throws InterruptedException {
    return told.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void aWriteInPlaceIsTold() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    Files.writeString(file, "two");
    assertThat(next()).isEqualTo("two");
    Files.writeString(file, "three");
    assertThat(next()).isEqualTo("three");
    assertThat(told).isEmpty();
  }

  @Test
  void aTextThatDiffersFromTheOneInUseIsToldAtTheStart() throws Exception {
    Files.writeString(file, "two");
    follow(file, "one");
    assertThat(next()).isEqualTo("two");
  }

  @Test
  void aFileRenamedOverItIsTold() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    for (String text : new String[] {"two", "three"}) {
      Path other = folder.resolve(".new");
      Files.writeString(other, text);
      Files.move(other, file, ATOMIC_MOVE);
      assertThat(next()).isEqualTo(text);
    }
  }

  /// As the kubelet does: `config.yaml` leads to `..data/config.yaml`, `..data` to a folder with
  /// the time in its name, and a new `..data` is renamed over the old one.
  @Test
  void theFilesOfAConfigMapAreFollowed() throws Exception {
    publish("..1", "one");
    Files.createSymbolicLink(file, Path.of("..data", "config.yaml"));
    follow(file, "one");
    publish("..2", "two");
    assertThat(next()).isEqualTo("two");
    remove("..1");
    publish("..3", "three");
    assertThat(next()).isEqualTo("three");
    remove("..2");
    assertThat(told).isEmpty();
  }

  private void publish(String version, String text) throws IOException {
    Path content = Files.createDirectory(folder.resolve(version));
    Files.writeString(content.resolve("config.yaml"), text);
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
    Files.move(link, folder.resolve("..data"), ATOMIC_MOVE);
  }

  private void remove(String version) throws IOException {
    Files.delete(folder.resolve(version).resolve("config.yaml"));
    Files.delete(folder.resolve(version));
  }

  @Test
  void aFileThatGoesAwayIsToldOnceAndItsReturnWithTheSameTextIsNoChange() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    Files.delete(file);
    assertThat(next()).isEqualTo("unavailable");
    Files.writeString(file, "one");
    assertThat(next()).isEqualTo("returned one");
    Files.writeString(folder.resolve("other"), "");
    Files.writeString(file, "two");
    assertThat(next()).isEqualTo("two");
    assertThat(told).isEmpty();
  }

  @Test
  void aFileThatIsReplacedInTwoStepsIsNotToldAsGone() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    Files.delete(file);
    Files.writeString(file, "");
    Files.writeString(file, "two");
    assertThat(next()).isEqualTo("two");
  }

  @Test
  void aFileThatComesLaterIsTold() throws Exception {
    Path later = folder.resolve("etc").resolve("kube-proxy").resolve("config.yaml");
    follow(later, null);
    assertThat(next()).isEqualTo("unavailable");
    Files.createDirectories(later.getParent());
    Files.writeString(later, "one");
    assertThat(next()).isEqualTo("one");
  }

  @Test
  void writesInQuickSuccessionAreToldTogether() throws Exception {
    Files.writeString(file, "0");
    follow(file, "0");
    for (int i = 1; i <= 200; i++) {
      Files.writeString(file, Integer.toString(i));
    }
    String last = next();
    int count = 1;
    while (!"200".equals(last)) {
      last = next();
      count++;
      assertThat(last).isNotNull();
    }
    assertThat(count).isLessThan(10);
  }

  @Test
  void askedToItTellsAgain() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    FileFollower started = Objects.requireNonNull(follower);
    started.tellNow();
    assertThat(told).containsExactly("one");
    Files.delete(file);
    started.tellNow();
    assertThat(told).containsExactly("one", "unavailable");
  }

  @Test
  void nothingIsToldAfterTheEnd() throws Exception {
    Files.writeString(file, "one");
    follow(file, "one");
    FileFollower started = Objects.requireNonNull(follower);
    started.close();
    Files.writeString(file, "two");
    started.tellNow();
    assertThat(told).isEmpty();
  }
}
