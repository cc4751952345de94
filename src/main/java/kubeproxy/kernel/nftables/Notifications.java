package kubeproxy.kernel.nftables;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageVisitor;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import org.jspecify.annotations.Nullable;

/// The notifications of nf_tables about all tables of the network namespace of the thread that
/// opened this. One platform thread reads them; everything else may come from any thread.
public final class Notifications implements Closeable {
  private final NetlinkSocket socket;
  private final MessageReader reader = new MessageReader();
  private volatile boolean closed;

  private Notifications(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Opens and joins.
  ///
  /// @param ignored the port whose changes are of no interest; null for none
  public static Notifications open(@Nullable Integer ignored) throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER);
    try {
      if (ignored != null) {
        socket.ignoreCausedBy(ignored);
      }
      socket.joinGroup(Nfnetlink.NFNLGRP_NFTABLES);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new Notifications(socket);
  }

  /// Stops listening for a moment. While anybody listens the kernel makes a notification of every
  /// rule and element, which makes a large transaction several times slower.
  ///
  /// @throws IOException if the kernel refuses
  public void pause() throws IOException {
    socket.leaveGroup(Nfnetlink.NFNLGRP_NFTABLES);
  }

  /// Listens again.
  ///
  /// @throws IOException if the kernel refuses
  public void resume() throws IOException {
    socket.joinGroup(Nfnetlink.NFNLGRP_NFTABLES);
  }

  /// Listens until this is closed.
  ///
  /// @param heard is told every notification of nf_tables; an exception of it ends the listening
  /// @param missed is told if notifications were lost
  /// @param failure is told if listening ended otherwise than by [#close]
  public void listen(MessageVisitor heard, Runnable missed, Consumer<IOException> failure) {
    try {
      while (true) {
        switch (socket.receive(reader, -1)) {
          case MESSAGES -> {
            while (reader.next()) {
              if (Nfnetlink.subsystem(reader.type()) == Nfnetlink.NFNL_SUBSYS_NFTABLES) {
                heard.visit(reader);
              }
            }
          }
          case NOTHING -> {}
          case OVERRUN -> missed.run();
        }
      }
    } catch (IOException e) {
      if (!closed) {
        failure.accept(e);
      }
    }
  }

  /// Whether [#close] was called.
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
  }
}
