package kubeproxy.testing.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import kubeproxy.model.IpAddress;

/// SCTP between the servers and clients of a topology, by the JDK, which needs `libsctp` and a
/// kernel that has it.
public final class Sctp {
  private static final int LINE_BYTES = 256;

  private static final class Once {
    static final boolean SPOKEN = canOpen();
  }

  private Sctp() {}

  /// Whether this kernel and this machine speak it.
  public static boolean isSpoken() {
    return Once.SPOKEN;
  }

  private static boolean canOpen() {
    try {
      SctpChannel.open().close();
      return true;
    } catch (IOException | UnsupportedOperationException | LinkageError e) {
      return false;
    }
  }

  /// The only address of one end of an association. Sockets here are bound to one each: an address
  /// that is told to the other end is not translated.
  static InetSocketAddress only(Iterable<SocketAddress> addresses) {
    return (InetSocketAddress) addresses.iterator().next();
  }

  /// Sends a line of text as one message.
  static void send(SctpChannel channel, ByteBuffer line) throws IOException {
    channel.send(line, MessageInfo.createOutgoing(null, 0));
  }

  /// Connects if that is not done, asks, and waits for a line.
  ///
  /// @param patience for each of the two
  static String ask(SctpChannel channel, InetSocketAddress destination, Duration patience)
      throws IOException {
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector, 0);
      if (channel.getRemoteAddresses().isEmpty()) {
        if (!channel.connect(destination)) {
          await(key, SelectionKey.OP_CONNECT, patience);
          channel.finishConnect();
        }
      } else {
        send(channel, ByteBuffer.wrap(new byte[] {'?'}));
      }
      ByteBuffer line = ByteBuffer.allocate(LINE_BYTES);
      while (line.position() == 0) {
        await(key, SelectionKey.OP_READ, patience);
        channel.receive(line, null, null);
      }
      return new String(line.array(), 0, line.position(), US_ASCII).strip();
    }
  }

  private static void await(SelectionKey key, int interest, Duration patience) throws IOException {
    key.interestOps(interest);
    if (key.selector().select(Math.max(1, patience.toMillis())) == 0) {
      throw new SocketTimeoutException("nothing within " + patience);
    }
    key.selector().selectedKeys().clear();
  }

  /// An address as a value.
  static IpAddress address(InetSocketAddress socket) {
    return IpAddress.ofBytes(socket.getAddress().getAddress());
  }
}
