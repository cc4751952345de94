package kubeproxy.apiclient;

import java.time.Duration;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;

/// What all parts of a client have in common.
record ClientParts(Surroundings surroundings, ApiClientObserver observer, Logger log) {
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  /// The monotonic clock.
  long nanoTime() {
    return surroundings.nanoTime().getAsLong();
  }

  /// Tells the observer.
  void tell(ClientEvent event) {
    observer.on(event);
  }

  /// A limit for what may go wrong with every request: a line per minute.
  LogLimit limit(String name) {
    return new LogLimit(name, LOG_INTERVAL, surroundings.nanoTime());
  }
}
