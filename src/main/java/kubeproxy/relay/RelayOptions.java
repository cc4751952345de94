package kubeproxy.relay;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import kubeproxy.logging.Logger;

/// What a relay is made with.
///
/// @param udpTimeout how long a UDP flow may be silent in both directions before it is forgotten
///     (`--udp-timeout`); positive
/// @param nanoTime a monotonic clock in nanoseconds, read by several threads
/// @param random for the order of backends and the choice of ports; used under a lock
/// @param log for what an operator should know of
public record RelayOptions(
    RelayLimits limits,
    Duration udpTimeout,
    LongSupplier nanoTime,
    RandomGenerator random,
    Logger log) {

  public RelayOptions {
    if (udpTimeout.isNegative() || udpTimeout.isZero()) {
      throw new IllegalArgumentException("a UDP timeout of " + udpTimeout);
    }
  }
}
