package kubeproxy.logging;

/// How events look.
@FunctionalInterface
interface LineFormat {

  /// The event as text that ends with a line break.
  String line(LogEvent event);
}
