package kubeproxy.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.kernel.libc.Errno;
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
      case BoundSocket.Attempt.Bound(BoundSocket socket) ->
          protocol == Protocol.UDP ? datagrams(socket, spec) : streams(socket, spec);
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

  private ListenOutcome streams(BoundSocket socket, ListenerSpec spec) {
    StreamListener listener = new StreamListener(this, socket, spec, loops.streams());
    listener.open();
    return listening(listener);
  }

  private ListenOutcome datagrams(BoundSocket socket, ListenerSpec spec) {
    DatagramLoop loop = loops.nextForDatagrams();
    DatagramListener listener = new DatagramListener(this, socket, spec, loop);
    AtomicInteger result = new AtomicInteger();
    loop.events().call(() -> result.set(listener.open()));
    if (result.get() < 0) {
      listener.close();
      return new ListenOutcome.Failed("epoll_ctl: " + Errno.nameOf(-result.get()));
    }
    return listening(listener);
  }

  private ListenOutcome listening(RelayListener listener) {
    listeners.add(listener);
    return new ListenOutcome.Listening(listener);
  }

  private synchronized List<RelayListener> openListeners() {
    return List.copyOf(listeners);
  }
}
