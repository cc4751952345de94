package kubeproxy.nftables.apply;

import static kubeproxy.nftables.apply.NfTables.*;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Listens to the kernel's notifications and tells when somebody else changes our table, on a daemon
/// thread of its own. What we change ourselves is filtered out in the kernel.
public final class TableWatch implements Closeable {
  /// All objects name their table in their first attribute.
  private static final int TABLE_ATTRIBUTE = 1;

  private final NetlinkSocket socket;
  private final Consumer<IpFamily> drift;
  private final Consumer<IOException> failure;
  private final MessageReader reader = new MessageReader();
  private final Attributes attributes = new Attributes();
  private volatile boolean closed;

  private TableWatch(
      NetlinkSocket socket, Consumer<IpFamily> drift, Consumer<IOException> failure) {
    this.socket = socket;
    this.drift = drift;
    this.failure = failure;
  }

  /// Begins to listen in the network namespace of the calling thread.
  ///
  /// @param ownPortId by which the kernel names what we change
  /// @param drift is told the family whose table somebody else changed, often several times
  /// @param failure is told if listening ended by itself
  public static TableWatch start(
      int ownPortId, Consumer<IpFamily> drift, Consumer<IOException> failure) throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER);
    try {
      socket.ignoreCausedBy(ownPortId);
      socket.joinGroup(Nfnetlink.NFNLGRP_NFTABLES);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    TableWatch watch = new TableWatch(socket, drift, failure);
    Thread.ofPlatform().name("table-watch").daemon().start(watch::listen);
    return watch;
  }

  /// Stops listening for a moment. While anybody listens the kernel makes a notification of every
  /// element, which makes a large transaction several times slower. Any thread.
  ///
  /// @throws IOException if the kernel refuses
  void pause() throws IOException {
    socket.leaveGroup(Nfnetlink.NFNLGRP_NFTABLES);
  }

  /// Listens again.
  ///
  /// @throws IOException if the kernel refuses
  void resume() throws IOException {
    socket.joinGroup(Nfnetlink.NFNLGRP_NFTABLES);
  }

  /// Tells that changes may have been missed.
  void missed() {
    drift.accept(IpFamily.IPV4);
    drift.accept(IpFamily.IPV6);
  }

  private void listen() {
    try {
      while (true) {
        switch (socket.receive(reader, -1)) {
          case MESSAGES -> {
            while (reader.next()) {
              read();
            }
          }
          case NOTHING -> {}
          case OVERRUN -> missed();
        }
      }
    } catch (IOException e) {
      if (!closed) {
        failure.accept(e);
      }
    }
  }

  private void read() throws IOException {
    int type = reader.type();
    if (Nfnetlink.subsystem(type) != NFNL_SUBSYS_NFTABLES
        || Nfnetlink.message(type) == NFT_MSG_NEWGEN) {
      return;
    }
    IpFamily family = family(Nfnetlink.family(reader));
    if (family != null && isOurTable()) {
      drift.accept(family);
    }
  }

  private static @Nullable IpFamily family(int number) {
    for (IpFamily family : IpFamily.values()) {
      if (ExpressionWriter.protocolNumber(family) == number) {
        return family;
      }
    }
    return null;
  }

  private boolean isOurTable() throws IOException {
    reader.attributes(attributes, Nfnetlink.HEADER_BYTES);
    return attributes.next()
        && attributes.type() == TABLE_ATTRIBUTE
        && attributes.string().equals(BatchWriter.TABLE);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
  }
}
