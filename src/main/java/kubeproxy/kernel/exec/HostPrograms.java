package kubeproxy.kernel.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Processes of the JDK. Input is written and both outputs are read by a thread each, so that no
/// full pipe can hold up the others.
final class HostPrograms implements Programs {

  /// More than any program prints that we call; the rest is read and thrown away.
  private static final int MAX_OUTPUT_BYTES = 256 << 20;

  private static final int MAX_ERROR_BYTES = 64 << 10;

  @Override
  public ProgramEnd run(ProgramCall call, byte[] input) throws InterruptedException {
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(call.command());
      builder.environment().putAll(call.environment());
      process = builder.start();
    } catch (IOException e) {
      return new ProgramEnd.NotStarted(String.valueOf(e.getMessage()));
    }
    Collector output = new Collector(process.getInputStream(), MAX_OUTPUT_BYTES);
    Collector errors = new Collector(process.getErrorStream(), MAX_ERROR_BYTES);
    try {
      Thread reader = started("program-output", output);
      Thread errorReader = started("program-errors", errors);
      started("program-input", () -> feed(process.getOutputStream(), input));
      if (!process.waitFor(call.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        return new ProgramEnd.TimedOut(call.timeout());
      }
      // A child of the program may hold its output open; what it prints is not waited for long.
      reader.join(call.timeout());
      errorReader.join(call.timeout());
      return new ProgramEnd.Exited(
          process.exitValue(),
          output.bytes().toString(StandardCharsets.UTF_8),
          errors.bytes().toString(StandardCharsets.UTF_8).strip());
    } finally {
      process.destroyForcibly();
    }
  }

  private static Thread started(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon(true).start(work);
  }

  private static void feed(OutputStream to, byte[] input) {
    try (to) {
      to.write(input);
    } catch (IOException e) {
      // It has closed its input or ended; its exit code tells whether it minds.
    }
  }

  /// Reads a stream to its end and keeps its beginning.
  private static final class Collector implements Runnable {
    private final InputStream from;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Collector(InputStream from, int limit) {
      this.from = from;
      this.limit = limit;
    }

    ByteArrayOutputStream bytes() {
      return bytes;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[16 << 10];
      try (from) {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          bytes.write(buffer, 0, Math.min(n, limit - bytes.size()));
        }
      } catch (IOException e) {
        // The program was killed; what it printed before is kept.
      }
    }
  }
}
