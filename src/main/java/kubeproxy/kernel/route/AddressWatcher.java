package kubeproxy.kernel.route;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;
import kubeproxy.kernel.netlink.NetlinkTransport.Reception;
import kubeproxy.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Tells when the addresses of this node's interfaces change. A notification of the kernel, or the
/// loss of some, is only a reason to list the addresses anew; the listing is the truth. Changes
/// that follow one another closely are told once.
public final class AddressWatcher implements Closeable {

  /// Addresses often change in groups: wait until nothing was notified for so long.
  public static final int QUIET_MILLIS = 100;

  /// An interface that never rests must not hide the change of another.
  public static final int PATIENCE_MILLIS = 1000;

  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV6_IFADDR = 9;
  private static final long STOP_MILLIS = 5000;

  private final NetlinkTransport notifications;
  private final LocalAddresses addresses;
  private final MessageReader reader = new MessageReader();
  private @Nullable Thread thread;

  /// What is told, on the watcher's thread.
  public interface Listener {

    /// The addresses are others now.
    ///
    /// @param addresses as [LocalAddresses#list]
    void changed(List<IpAddress> addresses);

    /// The watcher cannot go on.
    void failed(IOException reason);
  }

  /// @param notifications subscribed to changes; closed with this
  /// @param addresses used by the watcher's thread alone; closed with this
  AddressWatcher(NetlinkTransport notifications, LocalAddresses addresses) {
    this.notifications = notifications;
    this.addresses = addresses;
  }

  /// Subscribes to the changes in the calling thread's network namespace. What changes from now on
  /// is told after [#start].
  public static AddressWatcher open() throws IOException {
    return openExcept("");
  }

  /// As [#open], for all interfaces but one: see [LocalAddresses#openExcept].
  public static AddressWatcher openExcept(String link) throws IOException {
    NetlinkSocket notifications = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
    try {
      notifications.joinGroup(RTNLGRP_IPV4_IFADDR);
      notifications.joinGroup(RTNLGRP_IPV6_IFADDR);
      return new AddressWatcher(notifications, LocalAddresses.openExcept(link));
    } catch (IOException failure) {
      notifications.close();
      throw failure;
    }
  }

  /// Starts the watcher's thread, a daemon.
  ///
  /// @param known what the listener knows already, listed after [#open]
  public synchronized void start(List<IpAddress> known, Listener listener) {
    if (thread != null) {
      throw new IllegalStateException("already started");
    }
    thread =
        Thread.ofPlatform().name("address-watcher").daemon().start(() -> watch(known, listener));
  }

  /// Ends the watcher; when this returns the listener is told nothing more, unless it needs more
  /// than five seconds for what it is being told. A listener may call this itself.
  @Override
  public synchronized void close() throws IOException {
    try (notifications;
        addresses) {
      // Closing them ends a waiting receive.
    }
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      running.join(STOP_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(List<IpAddress> known, Listener listener) {
    List<IpAddress> told = known;
    try {
      while (true) {
        awaitNotification();
        List<IpAddress> now = addresses.list();
        if (!now.equals(told)) {
          listener.changed(now);
          told = now;
        }
      }
    } catch (ClosedChannelException closed) {
      // As asked for.
    } catch (IOException failure) {
      listener.failed(failure);
    }
  }

  private void awaitNotification() throws IOException {
    notifications.receive(reader, -1);
    long start = System.nanoTime();
    while (notifications.receive(reader, QUIET_MILLIS) != Reception.NOTHING) {
      if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
        return;
      }
    }
  }
}
