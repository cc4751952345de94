package kubeproxy.config;

import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// What happens when the configuration file changes while the proxy runs.
public enum ReloadMode {
  /// A valid file is put in force in place; an invalid one leaves the old in force.
  APPLY("apply"),
  /// The process ends, to be started again with the new file, as Kubernetes' kube-proxy does.
  EXIT("exit");

  private final String spelling;

  ReloadMode(String spelling) {
    this.spelling = spelling;
  }

  static Parsed<ReloadMode> parse(String text) {
    for (ReloadMode mode : values()) {
      if (mode.spelling.equals(text)) {
        return new Parsed.Valid<>(mode);
      }
    }
    return new Parsed.Invalid<>(GoQuote.quote(text) + " is neither apply nor exit");
  }

  @Override
  public String toString() {
    return spelling;
  }
}
