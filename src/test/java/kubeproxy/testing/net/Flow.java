package kubeproxy.testing.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.nio.sctp.SctpChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// One connection, or one UDP socket that keeps its port: to the packet filter, one flow. Used by
/// one thread at a time; any thread, wherever it is, may use it.
public final class Flow implements AutoCloseable {

  /// How long to wait before asking again over UDP. Much longer than an answer takes.
  private static final int UDP_RETRY_MILLIS = 100;

  private static final int LINE_BYTES = 256;

  /// Above what node ports are; as many as the kernel itself would choose from.
  private static final int FIRST_PORT = 33_000;

  private static final int PORTS = 28_000;

  /// Far more than are taken in a row.
  private static final int MOST_TAKEN = 100;

  /// The kernel chooses at random, and so one that a client has just had now and then. What
  /// remembers a connection for some time after its end takes the new one for a part of it: a
  /// virtual server with session affinity for ten seconds, and leads it where the old one went.
  private static final AtomicInteger PORT = new AtomicInteger();

  private final SelectableChannel channel;
  private final InetSocketAddress destination;

  private Flow(SelectableChannel channel, InetSocketAddress destination) {
    this.channel = channel;
    this.destination = destination;
  }

  /// A socket in `namespace` with this source address; nothing is sent yet.
  static Flow open(
      NetworkNamespace namespace, IpAddress source, IpAddress destination, int port, Protocol via) {
    var family = Servers.protocolFamily(destination.family());
    SelectableChannel channel =
        namespace.open(() ->
            switch (via) {
              case TCP -> SocketChannel.open(family);
              case UDP -> DatagramChannel.open(family);
              case SCTP -> SctpChannel.open();
            });
    var flow = new Flow(channel, Servers.socketAddress(destination, port));
    try {
      bindToNextPort(channel, source);
    } catch (IOException e) {
      flow.close();
      throw new IllegalStateException("cannot use source " + source + " in " + namespace, e);
    }
    return flow;
  }

  /// Ports take turns, except for those that somebody has.
  private static void bindToNextPort(SelectableChannel channel, IpAddress source)
      throws IOException {
    for (int taken = 0; ; taken++) {
      int port = FIRST_PORT + Math.floorMod(PORT.getAndIncrement(), PORTS);
      try {
        bind(channel, Servers.socketAddress(source, port));
        return;
      } catch (BindException e) {
        if (taken == MOST_TAKEN) {
          throw e;
        }
      }
    }
  }

  private static void bind(SelectableChannel channel, InetSocketAddress source) throws IOException {
    switch (channel) {
      case SocketChannel connection -> {
        // A reset instead of a FIN: no port of a client stays in TIME_WAIT.
        connection.setOption(StandardSocketOptions.SO_LINGER, 0);
        connection.bind(source);
      }
      case DatagramChannel socket -> socket.bind(source);
      case SctpChannel association -> association.bind(source);
      default -> throw new AssertionError(channel);
    }
  }

  /// Asks, on the same flow as before if this is not the first time.
  ///
  /// @param patience how long to wait for an answer
  public Verdict ask(Duration patience) {
    try {
      return switch (channel) {
        case SocketChannel connection -> askOver(connection, (int) patience.toMillis());
        case DatagramChannel socket -> askOver(socket, (int) patience.toMillis());
        case SctpChannel association -> parse(Sctp.ask(association, destination, patience));
        default -> throw new AssertionError(channel);
      };
    } catch (SocketTimeoutException e) {
      return new Verdict.Dropped();
    } catch (PortUnreachableException e) {
      return new Verdict.Refused();
    } catch (NoRouteToHostException e) {
      return new Verdict.Unreachable(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      boolean refused = reason.contains("refused") || reason.contains("reset");
      return refused ? new Verdict.Refused() : new Verdict.Unreachable(reason);
    }
  }

  /// The port of the client.
  int port() throws IOException {
    return switch (channel) {
      case SocketChannel connection -> connection.socket().getLocalPort();
      case DatagramChannel socket -> socket.socket().getLocalPort();
      case SctpChannel association -> Sctp.only(association.getAllLocalAddresses()).getPort();
      default -> throw new AssertionError(channel);
    };
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is out of use either way.
    }
  }

  private Verdict askOver(SocketChannel connection, int patienceMillis) throws IOException {
    var socket = connection.socket();
    socket.setSoTimeout(patienceMillis);
    if (connection.isConnected()) {
      socket.getOutputStream().write('?');
    } else {
      socket.connect(destination, patienceMillis);
    }
    var line = new StringBuilder();
    var input = socket.getInputStream();
    for (int c = input.read(); c != '\n'; c = input.read()) {
      if (c < 0) {
        return new Verdict.Unreachable("closed by the server");
      }
      line.append((char) c);
    }
    return parse(line.toString());
  }

  private Verdict askOver(DatagramChannel channel, int patienceMillis) throws IOException {
    var socket = channel.socket();
    if (!channel.isConnected()) {
      channel.connect(destination);
    }
    byte[] bytes = new byte[LINE_BYTES];
    for (int waited = 0; ; waited += UDP_RETRY_MILLIS) {
      socket.send(new DatagramPacket(new byte[] {'?'}, 1, destination));
      socket.setSoTimeout(Math.max(1, Math.min(UDP_RETRY_MILLIS, patienceMillis - waited)));
      try {
        var packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        return parse(new String(bytes, 0, packet.getLength(), US_ASCII).strip());
      } catch (SocketTimeoutException e) {
        if (waited + UDP_RETRY_MILLIS >= patienceMillis) {
          throw e;
        }
      }
    }
  }

  private static Verdict parse(String line) {
    String[] words = line.split(" ", -1);
    return new Verdict.Reached(
        IpAddress.of(words[0]), Integer.parseInt(words[1]), IpAddress.of(words[2]));
  }
}
