package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {
  @TempDir Path folder;

  @Test
  void acceptsTheSameText() {
    write("a/b.txt", "one\ntwo\n");

    assertThatCode(() -> compare("a/b.txt", "one\ntwo\n")).doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherTextAndNamesTheFile() {
    write("a/b.txt", "one\ntwo\n");

    assertThatThrownBy(() -> compare("a/b.txt", "one\ntwo"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("golden a/b.txt");
  }

  @Test
  void refusesTextWithoutAFile() {
    assertThatThrownBy(() -> compare("new.txt", "one\n")).isInstanceOf(AssertionError.class);
  }

  private void write(String name, String text) {
    new Golden(folder, true).compare(name, text);
  }

  private void compare(String name, String text) {
    new Golden(folder, false).compare(name, text);
  }
}
