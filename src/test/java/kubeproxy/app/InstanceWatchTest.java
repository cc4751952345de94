package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kubeproxy.testing.RecordingLogger;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("kernel")
@Timeout(60)
class InstanceWatchTest {
  private static final Duration RETRY = Duration.ofMillis(50);

  private final RecordingLogger first = new RecordingLogger();
  private final RecordingLogger second = new RecordingLogger();
  private final RecordingLogger third = new RecordingLogger();
  private final List<String> notes = new CopyOnWriteArrayList<>();

  private InstanceWatch start(NetworkNamespace node, RecordingLogger log) throws Exception {
    return node.run(() -> {
      InstanceWatch watch = new InstanceWatch(log, notes::add, RETRY);
      watch.start();
      return watch;
    });
  }

  @Test
  void theSecondOneIsWarnedAndToldWhenTheFirstHasEnded() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      InstanceWatch one = start(node, first);
      try (InstanceWatch _ = start(node, second)) {
        assertThat(second.lines())
            .containsExactly(
                "W Another kube-proxy programs this node; each will undo what the other does"
                    + " process="
                    + ProcessHandle.current().pid());
        one.close();
        while (second.lines().size() < 2) {
          Thread.onSpinWait();
        }
        assertThat(second.lines()).contains("I The other kube-proxy on this node has ended");
        InstanceWatch another = start(node, third);
        assertThat(third.lines()).as("the second holds the name now").hasSize(1);
        another.close();
      }
      assertThat(first.lines()).isEmpty();
      assertThat(notes)
          .as("an event of the second and one of the third")
          .hasSize(2)
          .containsOnly(
              "Another kube-proxy programs this node; each will undo what the other does"
                  + " (process: "
                  + ProcessHandle.current().pid()
                  + ")");
    }
  }
}
