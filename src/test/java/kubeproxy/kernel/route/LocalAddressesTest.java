package kubeproxy.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("kernel")
@Timeout(60)
final class LocalAddressesTest {

  private NetworkNamespace namespace;
  private LocalAddresses addresses;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
    addresses = namespace.run(LocalAddresses::open);
  }

  @AfterEach
  void close() throws Exception {
    addresses.close();
    namespace.close();
  }

  @Test
  void addressesOfBothFamiliesAreListedSortedAndOnce() throws Exception {
    namespace.exec("ip", "link", "add", "v0", "type", "veth", "peer", "name", "w0");
    namespace.exec("ip", "address", "add", "10.2.0.1/16", "dev", "v0");
    namespace.exec("ip", "address", "add", "10.1.0.1/16", "dev", "v0");
    namespace.exec("ip", "address", "add", "10.1.0.1/32", "dev", "w0");
    namespace.exec("ip", "address", "add", "fd00::1/64", "dev", "v0");
    assertThat(addresses.list())
        .isEqualTo(of("10.1.0.1", "10.2.0.1", "127.0.0.1", "::1", "fd00::1"));
  }

  @Test
  void linkLocalAddressesAreListed() throws Exception {
    namespace.exec("ip", "link", "add", "v0", "type", "veth", "peer", "name", "w0");
    namespace.exec("ip", "address", "add", "fe80::7/64", "dev", "v0");
    assertThat(addresses.list()).contains(IpAddress.of("fe80::7"));
  }

  @Test
  void ofAPointToPointLinkOurEndIsListed() throws Exception {
    namespace.exec("ip", "address", "add", "10.0.0.1", "peer", "10.0.0.2", "dev", "lo");
    namespace.exec("ip", "address", "add", "fd00::1", "peer", "fd00::2", "dev", "lo");
    assertThat(addresses.list()).isEqualTo(of("10.0.0.1", "127.0.0.1", "::1", "fd00::1"));
  }

  @Test
  void changesAreToldAndWhatIsNoChangeIsNot() throws Exception {
    Changes changes = new Changes();
    try (AddressWatcher watcher = namespace.run(AddressWatcher::open)) {
      watcher.start(addresses.list(), changes);
      namespace.exec("ip", "address", "add", "10.0.0.1/32", "dev", "lo");
      assertThat(changes.next()).isEqualTo(of("10.0.0.1", "127.0.0.1", "::1"));
      // Notified, but the address was there before.
      namespace.exec("ip", "address", "add", "10.0.0.1/24", "dev", "lo");
      namespace.exec("ip", "address", "delete", "10.0.0.1/32", "dev", "lo");
      namespace.exec("ip", "address", "add", "fd00::1/128", "dev", "lo");
      assertThat(changes.next()).isEqualTo(of("10.0.0.1", "127.0.0.1", "::1", "fd00::1"));
      namespace.exec("ip", "address", "delete", "10.0.0.1/24", "dev", "lo");
      assertThat(changes.next()).isEqualTo(of("127.0.0.1", "::1", "fd00::1"));
    }
    assertThat(changes.queue).isEmpty();
    assertThat(changes.failures).isEmpty();
  }

  @Test
  void whatChangedBeforeTheStartIsTold() throws Exception {
    Changes changes = new Changes();
    try (AddressWatcher watcher = namespace.run(AddressWatcher::open)) {
      List<IpAddress> known = addresses.list();
      namespace.exec("ip", "address", "add", "10.0.0.1/32", "dev", "lo");
      watcher.start(known, changes);
      assertThat(changes.next()).contains(IpAddress.of("10.0.0.1"));
    }
  }

  @Test
  void aStormOfChangesIsToldAFewTimes() throws Exception {
    Changes changes = new Changes();
    try (AddressWatcher watcher = namespace.run(AddressWatcher::open)) {
      watcher.start(addresses.list(), changes);
      StringBuilder batch = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        batch.append("address add 10.1.").append(i / 250).append('.').append(i % 250 + 1);
        batch.append("/32 dev lo\n");
      }
      namespace.exec("sh", "-c", "printf '" + batch + "' | ip -batch -");
      int told = 1;
      while (changes.next().size() < 1002) {
        told++;
      }
      assertThat(told).isLessThan(20);
    }
  }

  private static List<IpAddress> of(String... addresses) {
    return List.of(addresses).stream().map(IpAddress::of).toList();
  }

  private static final class Changes implements AddressWatcher.Listener {

    private final BlockingQueue<List<IpAddress>> queue = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    @Override
    public void changed(List<IpAddress> addresses) {
      queue.add(addresses);
    }

    @Override
    public void failed(IOException reason) {
      failures.add(reason);
    }

    List<IpAddress> next() throws InterruptedException {
      List<IpAddress> change = queue.poll(10, TimeUnit.SECONDS);
      assertThat(change).as("a change is told").isNotNull();
      return change;
    }
  }
}
