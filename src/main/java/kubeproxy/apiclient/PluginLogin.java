package kubeproxy.apiclient;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kubeproxy.apiclient.ClientEvent.PluginStatus;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.logging.LogLimit;
import org.jspecify.annotations.Nullable;

/// Credentials that a program prints, as `ExecCredential` of `client.authentication.k8s.io`. They
/// are kept until they expire, for good if they do not say when, and asked for anew when the server
/// refuses them. The program runs at most once at a time; all requests wait for it.
final class PluginLogin implements Login {
  static final String V1 = "client.authentication.k8s.io/v1";
  static final String V1BETA1 = "client.authentication.k8s.io/v1beta1";

  /// For a program that never ends. Some ask a service in the network.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Enough for a message, too little to flood the log.
  private static final int MAX_ERROR_CHARS = 2_000;

  private final LoginMethod.Plugin plugin;
  private final PluginRequest request;
  private final ClientParts parts;
  private final LogLimit limit;
  private @Nullable Credential last;
  private Optional<Instant> expires = Optional.empty();

  /// @param request what the program is told about the cluster
  PluginLogin(LoginMethod.Plugin plugin, PluginRequest request, ClientParts parts) {
    this.plugin = plugin;
    this.request = request;
    this.parts = parts;
    this.limit = parts.limit("credential-plugin");
  }

  @Override
  public synchronized Credential current() throws IOException, InterruptedException {
    Credential known = last;
    Instant now = parts.surroundings().clock().instant();
    if (known != null && expires.map(now::isBefore).orElse(true)) {
      return known;
    }
    return run();
  }

  @Override
  public synchronized Credential after(Credential refused)
      throws IOException, InterruptedException {
    Credential known = last;
    if (known == null || known.equals(refused)) {
      return run();
    }
    return known;
  }

  private Credential run() throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    plugin.environment().forEach((name, value) -> environment.put(name, value.reveal()));
    environment.put("KUBERNETES_EXEC_INFO", request.json());
    List<String> command = new ArrayList<>(List.of(plugin.command()));
    command.addAll(plugin.arguments());
    ProgramCall call = new ProgramCall(command, environment, PATIENCE);
    return switch (parts.surroundings().programs().run(call, new byte[0])) {
      case ProgramEnd.Exited end when end.succeeded() -> accepted(end);
      case ProgramEnd.Exited end -> {
        tell(end.code(), PluginStatus.EXECUTION_ERROR);
        throw failure("ended with exit code " + end.code() + said(end));
      }
      case ProgramEnd.NotStarted _ -> {
        tell(1, PluginStatus.NOT_FOUND);
        String hint = plugin.installHint();
        throw failure("cannot be started" + (hint.isEmpty() ? "" : ". " + printable(hint)));
      }
      case ProgramEnd.TimedOut end -> {
        tell(1, PluginStatus.CLIENT_ERROR);
        throw failure("did not end within " + end.after().toSeconds() + " s");
      }
    };
  }

  private Credential accepted(ProgramEnd.Exited end) throws IOException {
    if (!end.errors().isEmpty()) {
      parts
          .log()
          .limited(limit)
          .info("Credential plugin", "command", plugin.command(), "stderr", said(end));
    }
    PluginAnswer answer;
    try {
      answer = PluginAnswer.parse(plugin, end.output());
    } catch (ClientConfigException e) {
      tell(1, PluginStatus.CLIENT_ERROR);
      throw new IOException(e.getMessage(), e);
    }
    expires = answer.expires();
    parts.tell(new ClientEvent.PluginCalled(0, PluginStatus.NO_ERROR, expires));
    last = answer.credential();
    return answer.credential();
  }

  private void tell(int exitCode, PluginStatus status) {
    parts.tell(new ClientEvent.PluginCalled(exitCode, status, Optional.empty()));
  }

  private IOException failure(String what) {
    return new IOException(plugin.source() + ": the program " + plugin.command() + " " + what);
  }

  /// What the program printed for people to read; its output is never shown.
  private static String said(ProgramEnd.Exited end) {
    String errors = end.errors();
    if (errors.isEmpty()) {
      return "";
    }
    boolean whole = errors.length() <= MAX_ERROR_CHARS;
    return ": " + printable(whole ? errors : errors.substring(0, MAX_ERROR_CHARS) + "...");
  }

  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}]+", " ");
  }
}
