package kubeproxy.logging;

/// How a line is written (`--logging-format`).
public enum LogFormat {
  /// As klog does: a header, a quoted message, and `key="value"`.
  TEXT,
  /// One JSON object per line.
  JSON
}
