package kubeproxy.app;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Function;
import kubeproxy.config.ListenAddress;
import kubeproxy.config.StatusOptions;
import kubeproxy.status.StatusServer;
import org.jspecify.annotations.Nullable;

/// The servers for health and metrics: each runs while it has an address, and moves when that
/// changes. Used by one thread at a time.
final class StatusServers implements AutoCloseable {
  private final Slot healthz;
  private final Slot metrics;

  /// @param healthz makes the server for health at an address
  /// @param metrics makes the server for metrics at an address
  StatusServers(
      Function<InetSocketAddress, StatusServer> healthz,
      Function<InetSocketAddress, StatusServer> metrics) {
    this.healthz = new Slot(healthz);
    this.metrics = new Slot(metrics);
  }

  /// Starts, moves and ends servers as these options say.
  void apply(StatusOptions options) {
    healthz.move(options.healthz());
    metrics.move(options.metrics());
  }

  @Override
  public void close() {
    healthz.move(Optional.empty());
    metrics.move(Optional.empty());
  }

  /// One server.
  private static final class Slot {
    private final Function<InetSocketAddress, StatusServer> make;
    private Optional<ListenAddress> address = Optional.empty();
    private @Nullable StatusServer server;

    Slot(Function<InetSocketAddress, StatusServer> make) {
      this.make = make;
    }

    void move(Optional<ListenAddress> wanted) {
      if (wanted.equals(address)) {
        return;
      }
      if (server != null) {
        server.close();
        server = null;
      }
      address = wanted;
      if (wanted.isPresent()) {
        server = make.apply(socketAddress(wanted.get()));
        server.start();
      }
    }
  }

  private static InetSocketAddress socketAddress(ListenAddress address) {
    try {
      InetAddress host = InetAddress.getByAddress(address.address().toBytes());
      return new InetSocketAddress(host, address.port());
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("an address has 4 or 16 bytes", e);
    }
  }
}
