package kubeproxy.events;

/// Takes events. Safe for any thread; never waits, never throws.
@FunctionalInterface
public interface EventRecorder {

  /// For a proxy without an API server.
  EventRecorder NONE = _ -> {};

  /// Tells something. The same event may be told any number of times; it counts then.
  void record(ProxyEvent event);
}
