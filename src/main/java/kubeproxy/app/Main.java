package kubeproxy.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kubeproxy.config.CommandLine;
import kubeproxy.config.CommandLine.Request;
import kubeproxy.config.FlagValues;

/// Entry point of the process. Exits with 0 when it did what it was asked for, with 1 otherwise.
public final class Main {

  private Main() {}

  /// Runs kube-proxy.
  public static void main(String[] args) {
    int code =
        switch (CommandLine.parse(List.of(args))) {
          case Request.Print(String text) -> print(FileDescriptor.out, text, 0);
          case Request.PrintVersion(boolean raw) -> print(FileDescriptor.out, Version.text(raw), 0);
          case Request.Misused(String text) -> print(FileDescriptor.err, text, Command.FAILURE);
          case Request.Start(FlagValues flags, List<String> notices) -> {
            notices.forEach(line -> print(FileDescriptor.err, line + "\n", 0));
            yield new Command(flags).run();
          }
        };
    System.exit(code);
  }

  private static int print(FileDescriptor to, String text, int code) {
    PrintStream stream = new PrintStream(new FileOutputStream(to), false, StandardCharsets.UTF_8);
    stream.print(text);
    stream.flush();
    return code;
  }
}
