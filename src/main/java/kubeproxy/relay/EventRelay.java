package kubeproxy.relay;

import java.io.IOException;
import kubeproxy.plan.ServicePortName;

/// The relay on event loops.
final class EventRelay implements Relay {
  private final RelayOptions options;

  private EventRelay(RelayOptions options) {
    this.options = options;
  }

  static EventRelay start(RelayOptions options) throws IOException {
    return new EventRelay(options);
  }

  @Override
  public RelayPort open(ServicePortName name, BackendChoice backends) {
    throw new UnsupportedOperationException(name + " with " + options);
  }

  @Override
  public RelayUse use() {
    return new RelayUse(0, 0, 0);
  }

  @Override
  public void close() {}
}
