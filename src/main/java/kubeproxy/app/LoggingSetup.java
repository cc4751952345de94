package kubeproxy.app;

import java.util.List;
import java.util.Optional;
import kubeproxy.config.ModuleLevel;
import kubeproxy.logging.KlogOptions;
import kubeproxy.logging.LogFormat;
import kubeproxy.logging.LogStreams;
import kubeproxy.logging.LoggingOptions;
import kubeproxy.logging.Severity;
import kubeproxy.logging.SourceLine;
import kubeproxy.logging.VmodulePattern;

/// The logging part of the configuration, in the terms of the logging package.
final class LoggingSetup {

  private LoggingSetup() {}

  static LoggingOptions of(kubeproxy.config.LoggingOptions options) {
    return new LoggingOptions(
        options.verbosity(),
        patterns(options.modules()),
        options.flushFrequency(),
        switch (options.format()) {
          case TEXT -> LogFormat.TEXT;
          case JSON -> LogFormat.JSON;
        },
        streams(options.text()),
        streams(options.json()),
        klog(options.files()));
  }

  static List<VmodulePattern> patterns(List<ModuleLevel> modules) {
    return modules.stream()
        .map(module -> new VmodulePattern(module.pattern(), module.level()))
        .toList();
  }

  private static LogStreams streams(kubeproxy.config.LoggingOptions.Streams streams) {
    return new LogStreams(streams.split(), streams.infoBufferBytes());
  }

  private static KlogOptions klog(kubeproxy.config.LoggingOptions.Files files) {
    return new KlogOptions(
        files.toStderr(),
        files.alsoToStderr(),
        severity(files.stderrThreshold()),
        files.directory(),
        files.file(),
        files.maxMegabytes(),
        files.oneOutput(),
        files.skipHeaders(),
        files.skipLogHeaders(),
        files.addDirHeader(),
        sourceLine(files.backtraceAt()));
  }

  /// From `SyncLoop.java:52`; the number is none where there is no such line.
  private static Optional<SourceLine> sourceLine(String location) {
    int colon = location.indexOf(':');
    int line = Integer.parseInt(location.substring(colon + 1));
    return line == 0
        ? Optional.empty()
        : Optional.of(new SourceLine(location.substring(0, colon), line));
  }

  /// Numbers below the least severity mean all lines, those above the highest the fatal ones.
  private static Severity severity(int threshold) {
    Severity[] all = Severity.values();
    return all[Math.clamp(threshold, 0, all.length - 1)];
  }
}
