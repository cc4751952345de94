package kubeproxy.kernel.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.testing.net.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real signals, sent to a process of its own.
@Timeout(60)
class SignalsTest {
  private Process process;
  private BufferedReader output;

  @BeforeEach
  void start() throws IOException {
    process = child("quick");
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  private static Process child(String manner) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            manner)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
  }

  private void send(String signal) {
    Command.run(List.of("kill", "-" + signal, Long.toString(process.pid())), "");
  }

  @Test
  void hangupsAreTakenAndDoNotEndTheProcess() throws IOException {
    assertThat(output.readLine()).isEqualTo("ready");
    for (int i = 1; i <= 3; i++) {
      send("HUP");
      assertThat(output.readLine()).isEqualTo("hangup " + i);
    }
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void hangupsThatComeWhileOneIsWorkedOnAreOneMore() throws Exception {
    process.destroyForcibly();
    process = child("slow");
    output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    send("HUP");
    assertThat(output.readLine()).isEqualTo("hangup 1");
    for (int i = 0; i < 10; i++) {
      send("HUP");
    }
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertThat(output.readLine()).isEqualTo("hangup 2");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    send("TERM");
    assertThat(output.readLine()).isEqualTo("the end");
  }

  @Test
  void terminationEndsItAtOnceWithTheCodeThatShellsKnow() throws Exception {
    assertThat(output.readLine()).isEqualTo("ready");
    send("TERM");
    assertThat(output.readLine()).isEqualTo("the end");
    assertThat(process.waitFor()).isEqualTo(143);
  }

  @Test
  void interruptionLikewise() throws Exception {
    assertThat(output.readLine()).isEqualTo("ready");
    send("INT");
    assertThat(output.readLine()).isEqualTo("the end");
    assertThat(process.waitFor()).isEqualTo(130);
  }

  @Test
  void lastWordsThatDoNotComeToAnEndAreCutShort() throws Exception {
    process.destroyForcibly();
    process = child("endless");
    output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    send("TERM");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  /// The process: tells what it takes, and waits for ever.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      AtomicInteger hangups = new AtomicInteger();
      Hangups _ =
          Hangups.start(() -> {
            System.out.println("hangup " + hangups.incrementAndGet());
            if (arguments[0].equals("slow")) {
              awaitLine();
            }
          });
      LastWords.register(
          () -> {
            if (arguments[0].equals("endless")) {
              waitForEver();
            }
            System.out.println("the end");
          },
          Duration.ofMillis(500));
      System.out.println("ready");
      waitForEver();
    }

    private static void awaitLine() {
      try {
        int _ = System.in.read();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static void waitForEver() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
