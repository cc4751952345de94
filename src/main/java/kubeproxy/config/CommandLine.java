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

    /// Run the proxy.
    ///
    /// @param options what it shall do
    /// @param flags all flags, for those who want to log them
    /// @param notices lines for standard error, before anything else
    record Run(ProxyOptions options, FlagValues flags, List<String> notices) implements Request {
      public Run {
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

    /// The arguments can be read but make no sense: log an error; exit code 1.
    ///
    /// @param reason what is wrong, in one text
    /// @param notices lines for standard error, before anything else
    record Refused(String reason, List<String> notices) implements Request {
      public Refused {
        notices = List.copyOf(notices);
      }
    }
  }

  /// Reads and checks the arguments. Order matters, and is that of Kubernetes components: syntax,
  /// help, arguments that are no flags, version, then what the values mean.
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
      case VersionRequest.None _, VersionRequest.Report _ -> run(flags, parsed.notices());
    };
  }

  private static Request run(FlagValues flags, List<String> notices) {
    return switch (Completion.complete(flags)) {
      case Completion.Result.Complete(ProxyOptions options) ->
          new Request.Run(options, flags, notices);
      case Completion.Result.Incomplete(String reason) -> new Request.Refused(reason, notices);
    };
  }
}
