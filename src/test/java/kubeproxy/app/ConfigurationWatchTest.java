package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kubeproxy.files.FileFollower;
import kubeproxy.testing.RecordingLogger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigurationWatchTest {
  private final RecordingLogger log = new RecordingLogger();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

  @Test
  void handsOverWhatChangesAndWhatItIsAskedFor(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("config.yaml"), "mode: nftables\n");
    try (ConfigurationWatch watch =
        new ConfigurationWatch(file, "mode: nftables\n", log, listener())) {
      watch.start();
      watch.reloadNow();
      assertThat(texts.remove()).isEqualTo("mode: nftables\n");

      Files.writeString(file, "mode: iptables\n");
      assertThat(texts.poll(20, TimeUnit.SECONDS)).isEqualTo("mode: iptables\n");
      Files.delete(file);
      watch.reloadNow();
      assertThat(texts.remove()).startsWith("unavailable: ");
      assertThat(log.lines().getLast())
          .startsWith("W Configuration file cannot be read; the configuration in force stays");
    }
  }

  private FileFollower.Listener listener() {
    return new FileFollower.Listener() {
      @Override
      public void changed(String text) {
        texts.add(text);
      }

      @Override
      public void unavailable(String reason) {
        texts.add("unavailable: " + reason);
      }
    };
  }
}
