package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeapLimitTest {
  private static final long MIB = 1 << 20;

  private long used;
  private long live;
  private int collections;
  private final HeapLimit limit = new HeapLimit(() -> used, this::collect);

  private void collect() {
    collections++;
    used = live;
  }

  private int collectionsAt(long mebibytes) {
    used = mebibytes * MIB;
    limit.look();
    return collections;
  }

  @Test
  void aSmallHeapIsLeftAlone() {
    assertThat(collectionsAt(48)).isZero();
  }

  @Test
  void garbageMayBeHalfOfWhatIsInUseAndTheAllowance() {
    live = 40 * MIB;
    assertThat(collectionsAt(49)).isEqualTo(1);
    assertThat(collectionsAt(40 + 20 + 24)).isEqualTo(1);
    assertThat(collectionsAt(40 + 20 + 25)).isEqualTo(2);
  }

  @Test
  void theLimitFollowsWhatIsInUse() {
    live = 200 * MIB;
    collectionsAt(201);
    assertThat(collectionsAt(324)).isEqualTo(1);
    live = 20 * MIB;
    collectionsAt(325);
    assertThat(collectionsAt(55)).isEqualTo(3);
  }

  /// Replaces objects that have become old, as changes of a cluster do, in a JVM like that of the
  /// launcher.
  static final class Churn {
    private static final int OBJECTS = 20 << 10;
    private static final int BYTES = 1 << 10;
    private static final int ROUNDS = 20;

    private Churn() {}

    public static void main(String[] arguments) {
      HeapLimit limit = HeapLimit.ofProcess();
      Runtime runtime = Runtime.getRuntime();
      byte[][] objects = new byte[OBJECTS][];
      long most = 0;
      for (int i = 0; i < OBJECTS * ROUNDS; i++) {
        objects[i % OBJECTS] = new byte[BYTES];
        if (i % BYTES == 0) {
          limit.look();
          most = Math.max(most, runtime.totalMemory());
        }
      }
      System.out.print(most / MIB);
    }
  }

  @Test
  void theProcessDoesNotGrow() throws IOException, InterruptedException {
    Process churn =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xms24m",
                "-Xmn16m",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Churn.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String most = new String(churn.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(churn.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(Long.parseLong(most)).isBetween(24L, 110L);
  }
}
