package kubeproxy.userspace.apply;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import kubeproxy.logging.Logger;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.ListenerSpec;
import kubeproxy.relay.Relay;
import kubeproxy.relay.RelayCounters;
import kubeproxy.relay.RelayLimits;
import kubeproxy.relay.RelayOptions;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;

/// A relay that starts its threads when it is to listen for the first time: most nodes of other
/// modes have nothing for it. Where it cannot start, for want of descriptors perhaps, nobody can
/// listen, and the next wish to listen is the next attempt. Safe for any thread.
public final class LazyRelay implements Relay {
  private final Starter starter;
  private Optional<Relay> started = Optional.empty();

  /// Starts the relay.
  @FunctionalInterface
  interface Starter {
    Relay start() throws IOException;
  }

  LazyRelay(Starter starter) {
    this.starter = starter;
  }

  /// A relay with the usual limits, in the network namespace of the thread that first listens.
  ///
  /// @param udpTimeout how long a UDP flow may be silent before it is forgotten; positive
  public static LazyRelay of(Duration udpTimeout, Logger log) {
    RelayOptions options =
        new RelayOptions(
            RelayLimits.DEFAULT, udpTimeout, System::nanoTime, new SplittableRandom(), log);
    return new LazyRelay(() -> Relay.start(options));
  }

  @Override
  public RelayPort open(ServicePortName name, BackendChoice backends) {
    return new LazyPort(name, backends);
  }

  @Override
  public synchronized RelayUse use() {
    return started.map(Relay::use).orElse(new RelayUse(0, 0, 0));
  }

  @Override
  public synchronized void close() {
    started.ifPresent(Relay::close);
    started = Optional.empty();
  }

  private synchronized RelayPort openNow(ServicePortName name, BackendChoice backends)
      throws IOException {
    if (started.isEmpty()) {
      started = Optional.of(starter.start());
    }
    return started.get().open(name, backends);
  }

  private final class LazyPort implements RelayPort {
    private final ServicePortName name;
    private BackendChoice backends;
    private Optional<RelayPort> opened = Optional.empty();

    LazyPort(ServicePortName name, BackendChoice backends) {
      this.name = name;
      this.backends = backends;
    }

    @Override
    public ServicePortName name() {
      return name;
    }

    @Override
    public synchronized void update(BackendChoice newBackends) {
      backends = newBackends;
      opened.ifPresent(port -> port.update(newBackends));
    }

    @Override
    public synchronized ListenOutcome listen(ListenerSpec spec) {
      if (opened.isEmpty()) {
        try {
          opened = Optional.of(openNow(name, backends));
        } catch (IOException e) {
          return new ListenOutcome.Failed("the relay cannot start: " + e.getMessage());
        }
      }
      return opened.get().listen(spec);
    }

    @Override
    public synchronized RelayCounters counters() {
      return opened.map(RelayPort::counters).orElse(RelayCounters.NONE);
    }

    @Override
    public synchronized void close() {
      opened.ifPresent(RelayPort::close);
    }
  }
}
