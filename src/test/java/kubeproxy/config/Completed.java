package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kubeproxy.config.CommandLine.Request;
import kubeproxy.config.Completion.Result;

/// What arguments, perhaps with a file, are completed to.
final class Completed {
  static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private Completed() {}

  static FlagValues flags(String... arguments) {
    Request request = CommandLine.parse(List.of(arguments));
    assertThat(request).isInstanceOf(Request.Start.class);
    return ((Request.Start) request).flags();
  }

  static Result.Complete complete(String... arguments) {
    return complete(Completion.complete(flags(arguments), Optional.empty()));
  }

  static ProxyOptions options(String... arguments) {
    return complete(arguments).options();
  }

  static String refusal(String... arguments) {
    return refusal(Completion.complete(flags(arguments), Optional.empty()));
  }

  /// @param lines of the file, after the two that say what it is
  static Result withFile(String lines, String... arguments) {
    return Completion.complete(
        flags(arguments), Optional.of(new ConfigurationText("f.yaml", HEAD + lines)));
  }

  static Result.Complete completeFile(String lines, String... arguments) {
    return complete(withFile(lines, arguments));
  }

  static String refusedFile(String lines, String... arguments) {
    return refusal(withFile(lines, arguments));
  }

  private static Result.Complete complete(Result result) {
    assertThat(result).isInstanceOf(Result.Complete.class);
    return (Result.Complete) result;
  }

  private static String refusal(Result result) {
    assertThat(result).isInstanceOf(Result.Incomplete.class);
    return ((Result.Incomplete) result).reason();
  }
}
