package kubeproxy.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.netlink.ScriptedTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AddressWatcherTest {

  private static final int RTM_NEWADDR = 20;
  private static final int AF_INET = 2;
  private static final int IFA_ADDRESS = 1;

  private final CompletableFuture<List<IpAddress>> change = new CompletableFuture<>();
  private final CompletableFuture<IOException> failure = new CompletableFuture<>();

  @Test
  void lostNotificationsAreAReasonToListAnew() throws Exception {
    ScriptedTransport notifications = new ScriptedTransport().overrun().silence();
    ScriptedTransport listing = new ScriptedTransport().datagram(w -> done(address(w, 0x0a000001)));
    watch(notifications, listing);
    assertThat(change.get(10, TimeUnit.SECONDS)).containsExactly(IpAddress.of("10.0.0.1"));
    assertThat(failure).isNotDone();
  }

  @Test
  void anInterruptedListingIsBegunAgain() throws Exception {
    ScriptedTransport listing =
        new ScriptedTransport()
            .datagram(w ->
                address(w, 0x0a000001)
                    .beginMessage(Netlink.NLMSG_DONE, Netlink.NLM_F_DUMP_INTR, 1)
                    .rawU32Native(0)
                    .endMessage())
            .datagram(w -> w.beginMessage(Netlink.NLMSG_DONE, 0, 2).rawU32Native(0).endMessage());
    try (LocalAddresses addresses = new LocalAddresses(listing)) {
      assertThat(addresses.list()).isEmpty();
    }
  }

  @Test
  void aListingThatFailsIsTold() throws Exception {
    ScriptedTransport notifications = new ScriptedTransport().overrun().silence();
    ScriptedTransport listing =
        new ScriptedTransport().datagram(w -> ScriptedTransport.error(w, 1, 1));
    watch(notifications, listing);
    assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("EPERM");
    assertThat(change).isNotDone();
  }

  private void watch(ScriptedTransport notifications, ScriptedTransport listing)
      throws IOException {
    AddressWatcher watcher = new AddressWatcher(notifications, new LocalAddresses(listing));
    watcher.start(
        List.of(),
        new AddressWatcher.Listener() {
          @Override
          public void changed(List<IpAddress> addresses) {
            change.complete(addresses);
          }

          @Override
          public void failed(IOException reason) {
            failure.complete(reason);
          }
        });
  }

  private static MessageWriter address(MessageWriter writer, int bits) {
    return writer
        .beginMessage(RTM_NEWADDR, Netlink.NLM_F_MULTI, 1)
        .rawU8(AF_INET)
        .rawZeros(7)
        .putU32Big(IFA_ADDRESS, bits)
        .endMessage();
  }

  private static MessageWriter done(MessageWriter writer) {
    return writer
        .beginMessage(Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI, 1)
        .rawU32Native(0)
        .endMessage();
  }
}
