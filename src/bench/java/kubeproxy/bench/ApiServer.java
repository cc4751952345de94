package kubeproxy.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A running [ApiServerProcess].
final class ApiServer implements AutoCloseable {
  private final Path kubeconfig;
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  private ApiServer(Path kubeconfig, Process process) {
    this.kubeconfig = kubeconfig;
    this.process = process;
    this.commands = new BufferedWriter(process.outputWriter(StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Starts one and waits until it serves.
  ///
  /// @param size as `10000x10`, Services x endpoints each
  static ApiServer start(String size) throws IOException {
    String[] parts = size.split("x", -1);
    Path kubeconfig = Files.createTempFile("bench", ".kubeconfig");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                ApiServerProcess.class.getName(),
                parts[0],
                parts[1],
                kubeconfig.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ApiServer server = new ApiServer(kubeconfig, process);
    server.awaitAnswer();
    return server;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /// Changes so many EndpointSlices, so many a second, and waits until the last one is made.
  void change(int count, int perSecond) throws IOException {
    commands.write("change " + count + " " + perSecond + "\n");
    commands.flush();
    awaitAnswer();
  }

  /// Changes one EndpointSlice.
  ///
  /// @return when, in nanoseconds of the monotonic clock, which all processes share
  long changeOne() throws IOException {
    commands.write("change 1 1\n");
    commands.flush();
    return Long.parseLong(awaitAnswer());
  }

  private String awaitAnswer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the API server ended");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.delete(kubeconfig);
  }
}
