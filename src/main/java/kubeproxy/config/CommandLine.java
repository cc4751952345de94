package kubeproxy.config;

import java.util.List;
import java.util.stream.Collectors;
import kubeproxy.text.GoQuote;

/// What the arguments of the command ask for.
public final class CommandLine {
  private static final String COMMAND = "kube-proxy";

  private CommandLine() {}

  /// What is to be done.
  public sealed interface Request {

    /// Complete the flags, and do what comes of it.
    ///
    /// @param flags all flags
    /// @param notices lines for standard error, before anything else
    record Start(FlagValues flags, List<String> notices) implements Request {
      public Start {
        notices = List.copyOf(notices);
      }
    }

    /// Print a text to standard output; exit code 0.
    record Print(String text) implements Request {}

    /// Print the version to standard output; exit code 0.
    ///
    /// @param raw all of it instead of one line
    record PrintVersion(boolean raw) implements Request {}

    /// The arguments cannot be read: print a text to standard error; exit code 1.
    record Misused(String text) implements Request {}
  }

  /// Reads the arguments. Order matters, and is that of Kubernetes components: syntax, help,
  /// arguments that are no flags, version. What the values mean is for [Completion].
  public static Request parse(List<String> arguments) {
    return switch (FlagParser.parse(ProxyFlags.TABLE, arguments)) {
      case FlagParser.Result.Failed(String message, String suggestion, List<String> notices) ->
          new Request.Misused(lines(notices) + misuse(message, suggestion));
      case FlagParser.Result.Parsed parsed -> request(parsed);
    };
  }

  private static String lines(List<String> notices) {
    return notices.stream().map(notice -> notice + "\n").collect(Collectors.joining());
  }

  private static String misuse(String message, String suggestion) {
    String hint = suggestion.isEmpty() ? "" : "Did you mean " + suggestion + "?\n";
    return "Usage:\n  kube-proxy [flags]\n\nUse \"kube-proxy --help\" to see all flags.\n\nError: "
        + message
        + "\n"
        + hint;
  }

  private static Request request(FlagParser.Result.Parsed parsed) {
    FlagValues flags = parsed.values();
    if (flags.get(ProcessFlags.HELP)) {
      return new Request.Print(HelpText.of(ProxyFlags.TABLE));
    }
    if (parsed.positionals().stream().anyMatch(argument -> !argument.isEmpty())) {
      return new Request.Misused(
          "Error: "
              + GoQuote.quote(COMMAND)
              + " does not take any arguments, got "
              + GoQuote.quote(parsed.positionals())
              + "\n");
    }
    return switch (flags.get(ProcessFlags.VERSION)) {
      case VersionRequest.Plain _ -> new Request.PrintVersion(false);
      case VersionRequest.Raw _ -> new Request.PrintVersion(true);
      case VersionRequest.None _, VersionRequest.Report _ ->
          new Request.Start(flags, parsed.notices());
    };
  }
}
