package kubeproxy.testing.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// Clients and servers in a topology. May be used by any thread.
public final class Traffic implements AutoCloseable {

  /// How long to wait for an answer that should come. Nearly nothing takes a hundredth of it unless
  /// the machine is busy, and then patience costs less than a false alarm.
  public static final Duration FOR_AN_ANSWER = Duration.ofSeconds(5);

  /// How long to wait for TCP to be refused. A reset takes well under a millisecond. An ICMP error
  /// can arrive while the kernel is still busy connecting, and then counts only when the SYN is
  /// repeated after a second: that would not pass.
  public static final Duration FOR_A_RESET = Duration.ofMillis(900);

  /// How long to wait where no answer should come. An answer takes well under a millisecond here;
  /// TCP asks a second time only after a second.
  public static final Duration FOR_SILENCE = Duration.ofMillis(250);

  private final Topology topology;
  private final Servers servers;

  /// Traffic in `topology`, without any server yet.
  public Traffic(Topology topology) {
    this.topology = topology;
    this.servers = new Servers(topology);
  }

  /// Makes sure that somebody answers at this address and port, until [#close].
  ///
  /// @throws IllegalArgumentException if no namespace has the address
  public void serve(IpAddress address, int port, Protocol protocol) {
    servers.serve(address, port, protocol);
  }

  /// A new flow from `source`, which decides the namespace; nothing is sent yet.
  ///
  /// @throws IllegalArgumentException if no namespace has the address
  public Flow open(IpAddress source, IpAddress destination, int port, Protocol protocol) {
    NetworkNamespace namespace =
        topology
            .owner(source)
            .orElseThrow(() -> new IllegalArgumentException("nobody has address " + source));
    return Flow.open(namespace, source, destination, port, protocol);
  }

  /// One question over a flow of its own.
  public Verdict ask(
      IpAddress source, IpAddress destination, int port, Protocol protocol, Duration patience) {
    try (Flow flow = open(source, destination, port, protocol)) {
      return flow.ask(patience);
    }
  }

  /// Frees all ports.
  @Override
  public void close() {
    try {
      servers.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
