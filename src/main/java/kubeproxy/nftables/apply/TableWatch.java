package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nftables.Notifications;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Listens to the kernel's notifications and tells when somebody else changes our table, on a
/// daemon thread of its own. What we change ourselves is filtered out in the kernel.
public final class TableWatch implements Closeable {
  /// All objects name their table in their first attribute.
  private static final int TABLE_ATTRIBUTE = 1;

  private final Notifications notifications;
  private final Consumer<IpFamily> drift;
  private final Attributes attributes = new Attributes();

  private TableWatch(Notifications notifications, Consumer<IpFamily> drift) {
    this.notifications = notifications;
    this.drift = drift;
  }

  /// Begins to listen in the network namespace of the calling thread.
  ///
  /// @param ownPortId by which the kernel names what we change
  /// @param drift is told the family whose table somebody else changed, often several times
  /// @param failure is told if listening ended by itself
  public static TableWatch start(
      int ownPortId, Consumer<IpFamily> drift, Consumer<IOException> failure) throws IOException {
    Notifications notifications = Notifications.open(ownPortId);
    TableWatch watch = new TableWatch(notifications, drift);
    Thread.ofPlatform()
        .name("table-watch")
        .daemon()
        .start(() -> notifications.listen(watch::read, watch::missed, failure));
    return watch;
  }

  /// Stops listening for a moment, for a large transaction. Any thread.
  ///
  /// @throws IOException if the kernel refuses
  void pause() throws IOException {
    notifications.pause();
  }

  /// Listens again.
  ///
  /// @throws IOException if the kernel refuses
  void resume() throws IOException {
    notifications.resume();
  }

  /// Tells that changes may have been missed.
  void missed() {
    drift.accept(IpFamily.IPV4);
    drift.accept(IpFamily.IPV6);
  }

  private void read(MessageReader notification) throws IOException {
    if (Nfnetlink.message(notification.type()) == NFT_MSG_NEWGEN) {
      return;
    }
    IpFamily family = family(Nfnetlink.family(notification));
    if (family != null && isOurTable(notification)) {
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

  private boolean isOurTable(MessageReader notification) throws IOException {
    notification.attributes(attributes, Nfnetlink.HEADER_BYTES);
    return attributes.next()
        && attributes.type() == TABLE_ATTRIBUTE
        && attributes.string().equals(BatchWriter.TABLE);
  }

  @Override
  public void close() throws IOException {
    notifications.close();
  }
}
