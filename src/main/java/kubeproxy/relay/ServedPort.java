package kubeproxy.relay;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.Protocol;
import kubeproxy.plan.ServicePortName;

/// A Service port that is served by event loops.
final class ServedPort implements RelayPort {
  private final ServicePortName name;
  private final RelayOptions options;
  private final List<StreamLoop> streamLoops;
  private final Balancer balancer;
  private final Traffic traffic = new Traffic();
  private final List<RelayListener> listeners = new ArrayList<>();

  ServedPort(
      ServicePortName name,
      BackendChoice backends,
      RelayOptions options,
      List<StreamLoop> streamLoops) {
    this.name = name;
    this.options = options;
    this.streamLoops = streamLoops;
    balancer =
        new Balancer(options.nanoTime(), options.random(), options.limits().affinityClients());
    balancer.update(backends);
  }

  @Override
  public ServicePortName name() {
    return name;
  }

  @Override
  public synchronized void update(BackendChoice backends) {
    balancer.update(backends);
  }

  @Override
  public synchronized ListenOutcome listen(ListenerSpec spec) {
    Protocol protocol = name.protocol();
    return switch (BoundSocket.bind(protocol, spec, options.random())) {
      case BoundSocket.Attempt.Refused(ListenOutcome outcome) -> outcome;
      case BoundSocket.Attempt.Bound(BoundSocket socket) -> {
        StreamListener listener = new StreamListener(this, socket, spec, streamLoops);
        listener.open();
        listeners.add(listener);
        yield new ListenOutcome.Listening(listener);
      }
    };
  }

  @Override
  public RelayCounters counters() {
    return traffic.read();
  }

  @Override
  public void close() {
    for (RelayListener listener : openListeners()) {
      listener.close();
    }
  }

  /// What streams need to know of the protocol.
  Transport transport() {
    return Transport.of(name.protocol());
  }

  Balancer balancer() {
    return balancer;
  }

  Traffic traffic() {
    return traffic;
  }

  /// A listener was closed.
  synchronized void closed(RelayListener listener) {
    listeners.remove(listener);
  }

  private synchronized List<RelayListener> openListeners() {
    return List.copyOf(listeners);
  }
}
