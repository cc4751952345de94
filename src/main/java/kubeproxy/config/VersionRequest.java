package kubeproxy.config;

import kubeproxy.config.FlagType.Parsed;

/// What `--version` asks for.
public sealed interface VersionRequest {

  /// Nothing; the proxy runs.
  record None() implements VersionRequest {
    @Override
    public String toString() {
      return "false";
    }
  }

  /// One line for people, then exit.
  record Plain() implements VersionRequest {
    @Override
    public String toString() {
      return "true";
    }
  }

  /// Everything known about the build, then exit.
  record Raw() implements VersionRequest {
    @Override
    public String toString() {
      return "raw";
    }
  }

  /// The proxy runs but reports another version.
  record Report(String version) implements VersionRequest {
    @Override
    public String toString() {
      return version;
    }
  }

  /// Reads the flag's value.
  static Parsed<VersionRequest> parse(String text) {
    if (text.equals("raw")) {
      return new Parsed.Valid<>(new Raw());
    }
    if (text.startsWith("v")) {
      String problem = SemanticVersion.problemOf(text);
      return problem.isEmpty()
          ? new Parsed.Valid<>(new Report(text))
          : new Parsed.Invalid<>(problem);
    }
    return switch (GoNumbers.parseBool(text)) {
      case Parsed.Valid<Boolean>(Boolean print) ->
          new Parsed.Valid<>(print ? new Plain() : new None());
      case Parsed.Invalid<Boolean>(String reason) -> new Parsed.Invalid<>(reason);
    };
  }
}
