package kubeproxy.testing.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpServerChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;

/// Servers on any address of the topology. Each answers everything with one line: its own address
/// and port, and the client's address, as it sees them. TCP says so on connection and again for
/// whatever it receives. One thread serves them all.
final class Servers implements AutoCloseable {

  /// More than any answer or question here: two IPv6 addresses and a port.
  private static final int BUFFER_BYTES = 256;

  /// Takes IPv4 connections as well.
  private static final IpAddress ANY = IpAddress.of("::");

  private final Topology topology;
  private final Selector selector;
  private final Set<Bound> bound = ConcurrentHashMap.newKeySet();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /// TCP servers accept on all addresses of their namespace and both families, so the address is
  /// part of those of UDP and SCTP alone.
  private record Bound(NetworkNamespace namespace, Protocol protocol, SocketAddress address) {}

  Servers(Topology topology) {
    this.topology = topology;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("servers").start(this::serveAll);
  }

  /// Makes sure that somebody answers at this address and port.
  ///
  /// @throws IllegalArgumentException if no namespace has the address
  void serve(IpAddress address, int port, Protocol protocol) {
    NetworkNamespace namespace =
        topology
            .owner(address)
            .orElseThrow(() -> new IllegalArgumentException("nobody has address " + address));
    SocketAddress local = localAddress(address, port, protocol);
    synchronized (this) {
      if (bound.add(new Bound(namespace, protocol, local))) {
        namespace.open(() -> open(protocol, address, local));
      }
    }
  }

  /// Frees the port in all namespaces.
  @Override
  public void close() throws IOException {
    for (SelectionKey key : Set.copyOf(selector.keys())) {
      key.channel().close();
    }
    selector.close();
  }

  /// Where the server for this address binds.
  private static SocketAddress localAddress(IpAddress address, int port, Protocol protocol) {
    return switch (protocol) {
      case TCP -> socketAddress(ANY, port);
      case UDP, SCTP -> socketAddress(address, port);
    };
  }

  private SelectableChannel open(Protocol protocol, IpAddress address, SocketAddress local)
      throws IOException {
    SelectableChannel channel =
        switch (protocol) {
          case TCP ->
              ServerSocketChannel.open(protocolFamily(ANY.family()))
                  .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                  .bind(local);
          case UDP -> DatagramChannel.open(protocolFamily(address.family())).bind(local);
          case SCTP -> SctpServerChannel.open().bind(local);
        };
    channel.configureBlocking(false);
    int interest = protocol == Protocol.UDP ? SelectionKey.OP_READ : SelectionKey.OP_ACCEPT;
    channel.register(selector, interest);
    selector.wakeup();
    return channel;
  }

  static StandardProtocolFamily protocolFamily(IpFamily family) {
    return switch (family) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }

  static InetSocketAddress socketAddress(IpAddress address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void serveAll() {
    try {
      while (selector.isOpen()) {
        selector.select(this::serveOne);
      }
    } catch (ClosedSelectorException e) {
      // The end: nobody is served any more.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One broken connection concerns its client alone.
  private void serveOne(SelectionKey key) {
    try {
      switch (key.channel()) {
        case ServerSocketChannel listener -> accept(listener);
        case SocketChannel connection -> answer(connection);
        case DatagramChannel socket -> answer(socket);
        case SctpServerChannel listener -> accept(listener);
        case SctpChannel association -> answer(association);
        default -> throw new AssertionError(key.channel());
      }
    } catch (IOException e) {
      closeQuietly(key.channel());
    }
  }

  private void accept(ServerSocketChannel listener) throws IOException {
    SocketChannel connection = listener.accept();
    if (connection == null) {
      return;
    }
    try {
      connection.configureBlocking(false);
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.register(selector, SelectionKey.OP_READ);
      connection.write(line(connection.getLocalAddress(), connection.getRemoteAddress()));
    } catch (IOException e) {
      // The client was gone already; the listener lives on.
      closeQuietly(connection);
    }
  }

  private void accept(SctpServerChannel listener) throws IOException {
    SctpChannel association = listener.accept();
    if (association == null) {
      return;
    }
    try {
      association.configureBlocking(false);
      association.register(selector, SelectionKey.OP_READ);
      Sctp.send(association, line(association));
    } catch (IOException e) {
      closeQuietly(association);
    }
  }

  private void answer(SctpChannel association) throws IOException {
    buffer.clear();
    MessageInfo received = association.receive(buffer, null, null);
    if (received != null && received.bytes() < 0) {
      association.close();
    } else if (received != null) {
      Sctp.send(association, line(association));
    }
  }

  private static ByteBuffer line(SctpChannel association) throws IOException {
    return line(
        Sctp.only(association.getAllLocalAddresses()), Sctp.only(association.getRemoteAddresses()));
  }

  private void answer(SocketChannel connection) throws IOException {
    buffer.clear();
    if (connection.read(buffer) < 0) {
      connection.close();
      return;
    }
    connection.write(line(connection.getLocalAddress(), connection.getRemoteAddress()));
  }

  private void answer(DatagramChannel socket) throws IOException {
    buffer.clear();
    SocketAddress client = socket.receive(buffer);
    if (client != null) {
      trySend(socket, line(socket.getLocalAddress(), client), client);
    }
  }

  /// An error that an earlier client's host reported must not end the server.
  private static void trySend(DatagramChannel socket, ByteBuffer line, SocketAddress client) {
    try {
      socket.send(line, client);
    } catch (IOException e) {
      // UDP promises nothing; the client asks again.
    }
  }

  private static ByteBuffer line(SocketAddress local, SocketAddress client) {
    InetSocketAddress here = (InetSocketAddress) local;
    InetSocketAddress there = (InetSocketAddress) client;
    String text = address(here) + " " + here.getPort() + " " + address(there) + "\n";
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static IpAddress address(InetSocketAddress socket) {
    return IpAddress.ofBytes(socket.getAddress().getAddress());
  }

  private static void closeQuietly(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is out of use either way.
    }
  }
}
