package kubeproxy.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Consumer;
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

  /// How one of the servers is made.
  ///
  /// @param make the server at an address
  /// @param failed told why it cannot listen, where that is not to be tried again
  ///     (`--bind-address-hard-fail`)
  record Kind(Function<InetSocketAddress, StatusServer> make, Consumer<IOException> failed) {}

  StatusServers(Kind healthz, Kind metrics) {
    this.healthz = new Slot(healthz);
    this.metrics = new Slot(metrics);
  }

  /// Starts, moves and ends servers as these options say.
  void apply(StatusOptions options) {
    healthz.move(options.healthz(), options.hardFail());
    metrics.move(options.metrics(), options.hardFail());
  }

  @Override
  public void close() {
    healthz.move(Optional.empty(), false);
    metrics.move(Optional.empty(), false);
  }

  /// One server.
  private static final class Slot {
    private final Kind kind;
    private Optional<ListenAddress> address = Optional.empty();
    private @Nullable StatusServer server;

    Slot(Kind kind) {
      this.kind = kind;
    }

    void move(Optional<ListenAddress> wanted, boolean hardFail) {
      if (wanted.equals(address)) {
        return;
      }
      if (server != null) {
        server.close();
        server = null;
      }
      address = wanted;
      if (wanted.isPresent()) {
        StatusServer made = kind.make().apply(socketAddress(wanted.get()));
        server = made;
        if (hardFail) {
          made.startOrFail(kind.failed());
        } else {
          made.start();
        }
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
