package kubeproxy.kernel.unix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import kubeproxy.kernel.unix.HeldName.Attempt;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldNameTest {
  private static final String NAME = "kube-proxy/test-" + ProcessHandle.current().pid();

  @Test
  void oneAtATime() throws Exception {
    Attempt first = HeldName.tryToHold(NAME);
    assertThat(first).isInstanceOf(Attempt.Held.class);
    assertThat(HeldName.tryToHold(NAME)).isEqualTo(new Attempt.Taken());
    assertThat(HeldName.holder(NAME)).hasValue((int) ProcessHandle.current().pid());
    ((Attempt.Held) first).name().close();
    assertThat(HeldName.holder(NAME)).isEmpty();
    Attempt second = HeldName.tryToHold(NAME);
    assertThat(second).isInstanceOf(Attempt.Held.class);
    ((Attempt.Held) second).name().close();
  }

  @Test
  void theNameOfAProcessThatIsKilledIsFreeAgain() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                NAME + "-child")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).startsWith("Held");
      assertThat(HeldName.tryToHold(NAME + "-child")).isEqualTo(new Attempt.Taken());
      assertThat(HeldName.holder(NAME + "-child")).hasValue((int) process.pid());
    } finally {
      process.destroyForcibly().waitFor();
    }
    Attempt now = HeldName.tryToHold(NAME + "-child");
    assertThat(now).isInstanceOf(Attempt.Held.class);
    ((Attempt.Held) now).name().close();
  }

  @Test
  @Tag("kernel")
  void anotherNetworkNamespaceIsAnotherNode() throws Exception {
    try (NetworkNamespace other = NetworkNamespace.create()) {
      Attempt here = HeldName.tryToHold(NAME);
      Attempt there = other.run(() -> HeldName.tryToHold(NAME));
      assertThat(there).isInstanceOf(Attempt.Held.class);
      ((Attempt.Held) here).name().close();
      ((Attempt.Held) there).name().close();
    }
  }

  /// Holds a name until it is killed.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(HeldName.tryToHold(arguments[0]));
      Thread.sleep(60_000);
    }
  }
}
