package kubeproxy.userspace.apply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import kubeproxy.logging.Logger;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.Relay;
import kubeproxy.relay.RelayLimits;
import kubeproxy.relay.RelayOptions;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;

/// A relay that starts its threads when something is to be relayed: most nodes of other modes have
/// nothing for it. Safe for any thread.
public final class LazyRelay implements Relay {
  private final RelayOptions options;
  private Optional<Relay> started = Optional.empty();

  private LazyRelay(RelayOptions options) {
    this.options = options;
  }

  /// A relay with the usual limits, in the network namespace of the thread that first opens
  /// something.
  ///
  /// @param udpTimeout how long a UDP flow may be silent before it is forgotten; positive
  public static LazyRelay of(Duration udpTimeout, Logger log) {
    return new LazyRelay(
        new RelayOptions(
            RelayLimits.DEFAULT, udpTimeout, System::nanoTime, new SplittableRandom(), log));
  }

  @Override
  public synchronized RelayPort open(ServicePortName name, BackendChoice backends) {
    if (started.isEmpty()) {
      try {
        started = Optional.of(Relay.start(options));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start the relay", e);
      }
    }
    return started.get().open(name, backends);
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
}
