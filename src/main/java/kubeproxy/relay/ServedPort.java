package kubeproxy.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.ServicePortName;

/// A Service port that is served by event loops.
final class ServedPort implements RelayPort {
  private final ServicePortName name;
  private final RelayOptions options;
  private final RelayLoops loops;
  private final Balancer balancer;
  private final Traffic traffic = new Traffic();
  private final List<RelayListener> listeners = new ArrayList<>();

  ServedPort(ServicePortName name, BackendChoice backends, RelayOptions options, RelayLoops loops) {
    this.name = name;
    this.options = options;
    this.loops = loops;
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
    Set<Backend> kept = new HashSet<>(backends.backends());
    kept.addAll(backends.serving());
    for (RelayListener listener : listeners) {
      if (listener instanceof DatagramListener datagrams) {
        datagrams.loop().events().post(() -> datagrams.keepOnly(kept));
      }
    }
  }

  @Override
  public synchronized ListenOutcome listen(ListenerSpec spec) {
    Protocol protocol = name.protocol();
    return switch (BoundSocket.bind(protocol, spec, options.random())) {
      case BoundSocket.Attempt.Refused(ListenOutcome outcome) -> outcome;
      case BoundSocket.Attempt.Bound(BoundSocket socket) -> {
        RelayListener listener =
            protocol == Protocol.UDP ? datagrams(socket, spec) : streams(socket, spec);
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
    loops.forget(this);
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

  private RelayListener streams(BoundSocket socket, ListenerSpec spec) {
    StreamListener listener = new StreamListener(this, socket, spec, loops.streams());
    listener.open();
    return listener;
  }

  private RelayListener datagrams(BoundSocket socket, ListenerSpec spec) {
    DatagramLoop loop = loops.nextForDatagrams();
    DatagramListener listener = new DatagramListener(this, socket, spec, loop);
    loop.events().call(listener::open);
    return listener;
  }

  private synchronized List<RelayListener> openListeners() {
    return List.copyOf(listeners);
  }
}
