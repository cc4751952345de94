package kubeproxy.app;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import kubeproxy.config.Completion;
import kubeproxy.config.ConfigurationChange;
import kubeproxy.config.ConfigurationChange.Part;
import kubeproxy.config.ConfigurationText;
import kubeproxy.config.FlagValues;
import kubeproxy.config.ProxyOptions;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.logging.Logger;

/// What becomes of a new text of the configuration file while the proxy runs: a valid one is put in
/// force as far as that goes without a restart, an invalid one changes nothing. Used by one thread
/// at a time.
final class Reload {

  /// How it ended; the lower-case name is the `result` label of the metric.
  enum Result {
    /// All of it is in force.
    APPLIED,
    /// It says what is in force already.
    UNCHANGED,
    /// What can be changed in a running proxy is in force; the rest waits for a restart.
    RESTART_NEEDED,
    /// It is invalid or cannot be read; what was in force stays.
    REJECTED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Is told how each attempt ended.
  @FunctionalInterface
  interface Listener {
    /// An attempt ended.
    ///
    /// @param detail the error, or the fields that wait for a restart; may be empty
    void reloaded(Result result, String detail);
  }

  private final FlagValues flags;
  private final Logger log;
  private final BiConsumer<Part, ProxyOptions> applier;
  private final Listener listener;
  private final ProxyOptions started;
  private ProxyOptions running;
  private volatile KubeProxyConfiguration configuration;

  /// @param started what the process was started with
  /// @param applier changes one part of the running proxy
  Reload(
      FlagValues flags,
      Completion.Result.Complete started,
      Logger log,
      BiConsumer<Part, ProxyOptions> applier,
      Listener listener) {
    this.flags = flags;
    this.log = log;
    this.applier = applier;
    this.listener = listener;
    this.started = started.options();
    this.running = started.options();
    this.configuration = started.configuration();
  }

  /// The configuration that was accepted last. Any thread.
  KubeProxyConfiguration configuration() {
    return configuration;
  }

  /// Takes a text.
  void accept(ConfigurationText text) {
    switch (Completion.complete(flags, Optional.of(text))) {
      case Completion.Result.Incomplete(String reason) -> {
        log.error(
            null,
            "Configuration file rejected; the configuration in force stays",
            "file",
            text.fileName(),
            "err",
            reason);
        listener.reloaded(Result.REJECTED, reason);
      }
      case Completion.Result.Complete complete -> accept(complete);
    }
  }

  /// There is no text to be had: the next start would fail.
  void unreadable(String reason) {
    listener.reloaded(Result.REJECTED, "the configuration file cannot be read: " + reason);
  }

  private void accept(Completion.Result.Complete next) {
    next.warnings().forEach(line -> log.warn(line));
    ConfigurationChange change = ConfigurationChange.between(running, next.options());
    change.inPlace().forEach(part -> applier.accept(part, next.options()));
    running = next.options();
    configuration = next.configuration();
    // Against the start: what an earlier file wanted and this one no longer does needs no restart.
    List<String> waiting = ConfigurationChange.between(started, running).needRestart();
    if (!waiting.isEmpty()) {
      log.warn(
          "Parts of the configuration file wait for a restart of kube-proxy", "fields", waiting);
      listener.reloaded(Result.RESTART_NEEDED, String.join(", ", waiting));
    } else if (change.isEmpty()) {
      log.info("The configuration file says what is in force already");
      listener.reloaded(Result.UNCHANGED, "");
    } else {
      log.info("Configuration changed", "parts", change.inPlace());
      listener.reloaded(Result.APPLIED, "");
    }
  }
}
