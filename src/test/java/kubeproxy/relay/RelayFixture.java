package kubeproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.ServicePortName;
import kubeproxy.testing.RecordingLogger;

/// A relay on the loopback interface, with a clock that can be put forward.
final class RelayFixture implements AutoCloseable {
  static final IpAddress LOOPBACK = IpAddress.of("127.0.0.1");
  static final IpAddress LOOPBACK6 = IpAddress.of("::1");
  static final RelayLimits LIMITS = new RelayLimits(2, 1000, 8 << 20, 100, 100);

  final RecordingLogger log = new RecordingLogger();
  private final AtomicLong ahead = new AtomicLong();
  private final Relay relay;

  RelayFixture() {
    this(LIMITS, Duration.ofSeconds(10));
  }

  RelayFixture(RelayLimits limits, Duration udpTimeout) {
    try {
      relay =
          Relay.start(
              new RelayOptions(
                  limits, udpTimeout, () -> System.nanoTime() + ahead.get(), new Random(1), log));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  Relay relay() {
    return relay;
  }

  /// Puts the relay's clock forward.
  void advance(Duration duration) {
    ahead.addAndGet(duration.toNanos());
  }

  RelayPort open(Protocol protocol, Backend... backends) {
    return open(protocol, BackendChoice.roundRobin(List.of(backends)));
  }

  RelayPort open(Protocol protocol, BackendChoice backends) {
    return relay.open(
        new ServicePortName(new ObjectKey("default", "web"), "http", protocol), backends);
  }

  static RelayListener listen(RelayPort port) {
    return listen(port, new ListenerSpec(LOOPBACK, new PortChoice.AnyFree()));
  }

  static RelayListener listen(RelayPort port, ListenerSpec spec) {
    ListenOutcome outcome = port.listen(spec);
    assertThat(outcome).isInstanceOf(ListenOutcome.Listening.class);
    return ((ListenOutcome.Listening) outcome).listener();
  }

  static Socket connect(RelayListener listener) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Waits until something is so.
  static void eventually(BooleanSupplier condition, Supplier<?> state) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(() -> "still " + state.get())
          .isLessThan(Duration.ofSeconds(20));
      try {
        Thread.sleep(1);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  @Override
  public void close() {
    relay.close();
    assertThat(log.lines()).noneMatch(line -> line.contains("fault"));
  }
}
