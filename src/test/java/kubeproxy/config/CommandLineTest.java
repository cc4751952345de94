package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kubeproxy.config.CommandLine.Request;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static Request parse(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--manifests=/services"));
    all.addAll(List.of(arguments));
    return CommandLine.parse(all);
  }

  @Test
  void passesNoticesOn() {
    String notice =
        "Flag --healthz-port has been deprecated, This flag is deprecated and will be removed in a"
            + " future release. Please use --healthz-bind-address instead.";
    assertThat(((Request.Start) parse("--healthz-port=1")).notices()).containsExactly(notice);
  }

  @Test
  void explainsMisuse() {
    assertThat(parse("--proxy-mod=x"))
        .isEqualTo(
            new Request.Misused(
                """
                Usage:
                  kube-proxy [flags]

                Use "kube-proxy --help" to see all flags.

                Error: unknown flag: --proxy-mod
                Did you mean --proxy-mode?
                """));
    assertThat(((Request.Misused) parse("--completely-unknown")).text())
        .endsWith("\n\nError: unknown flag: --completely-unknown\n");
    assertThat(parse("run", "--masquerade-all", "", "x y"))
        .isEqualTo(
            new Request.Misused(
                "Error: \"kube-proxy\" does not take any arguments, got"
                    + " [\"run\" \"\" \"x y\"]\n"));
    assertThat(parse("", "")).isInstanceOf(Request.Start.class);
  }

  @Test
  void printsTheVersionBeforeItChecksValues() {
    assertThat(parse("--version", "--proxy-mode=x")).isEqualTo(new Request.PrintVersion(false));
    assertThat(parse("--version=raw")).isEqualTo(new Request.PrintVersion(true));
    assertThat(parse("--version=false")).isInstanceOf(Request.Start.class);
  }

  @Test
  void printsHelpBeforeItLooksAtArguments() {
    assertThat(parse("-h", "run", "--proxy-mode=x")).isInstanceOf(Request.Print.class);
    assertThat(parse("--help")).isEqualTo(parse("-h"));
    assertThat(parse("-h", "--nope")).isInstanceOf(Request.Misused.class);
  }

  @Test
  void helpIsAsReviewed() throws IOException {
    String help = ((Request.Print) parse("-h")).text();
    try (InputStream golden =
        Objects.requireNonNull(CommandLineTest.class.getResourceAsStream("help.txt"))) {
      assertThat(help).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }
}
