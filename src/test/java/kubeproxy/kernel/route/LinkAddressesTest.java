package kubeproxy.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The oracle is `ip`. Needs dummy interfaces.
@Tag("ipvs")
class LinkAddressesTest {
  private static final Answer DONE = new Answer.Complete();
  private static final IpAddress ONE = IpAddress.of("10.96.0.1");
  private static final IpAddress TWO = IpAddress.of("10.96.0.2");
  private static final IpAddress SIX = IpAddress.of("fd00:96::1");

  private NetworkNamespace namespace;
  private LinkAddresses addresses;
  private int link;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
    addresses = namespace.open(LinkAddresses::open);
    assertThat(namespace.run(() -> Links.addDummy("d0"))).isEmpty();
    link = get("d0").orElseThrow().index();
  }

  @AfterEach
  void close() throws Exception {
    addresses.close();
    namespace.close();
  }

  @Test
  void aDummyIsMadeAndSetUpAndDown() throws Exception {
    assertThat(get("d0")).hasValue(new Link(link, "d0", Link.DUMMY, false, false));
    assertThat(get("lo")).hasValue(new Link(1, "lo", "", true, true));
    assertThat(get("none")).isEmpty();
    assertThat(namespace.run(() -> Links.set("d0", true, true))).isEmpty();
    assertThat(get("d0")).hasValue(new Link(link, "d0", Link.DUMMY, true, true));
    assertThat(flags()).contains("UP").doesNotContain("NOARP");
    assertThat(namespace.run(() -> Links.set("d0", false, false))).isEmpty();
    assertThat(flags()).contains("NOARP").doesNotContain("UP");
    assertThat(namespace.run(() -> Links.set("none", true, true)).map(NetlinkError::name))
        .hasValue("ENODEV");
  }

  @Test
  void ipListsWhatWeAdd() throws Exception {
    applyAll(add(ONE), add(TWO), add(SIX));
    assertThat(listedByIp())
        .containsExactlyInAnyOrder("10.96.0.1/32", "10.96.0.2/32", "fd00:96::1/128");
    // No other node is asked whether it has them: they can be used at once.
    assertThat(namespace.exec("ip", "addr", "show", "d0")).doesNotContain("tentative");
    applyAll(new AddressChange.Delete(link, ONE), new AddressChange.Delete(link, SIX));
    assertThat(listedByIp()).containsExactly("10.96.0.2/32");
  }

  @Test
  void weReadWhatIpAdds() throws Exception {
    namespace.ip(List.of("addr add 10.96.0.1/32 dev d0", "addr add fd00:96::1/128 dev d0"));
    assertThat(addresses.list(link)).containsExactlyInAnyOrder(ONE, SIX);
    assertThat(addresses.list())
        .containsExactlyInAnyOrder(
            new LinkAddress(1, IpAddress.of("127.0.0.1")),
            new LinkAddress(1, IpAddress.of("::1")),
            new LinkAddress(link, ONE),
            new LinkAddress(link, SIX));
    assertThat(addresses.list(link + 1000)).isEmpty();
  }

  @Test
  void refusalsNameTheirErrorInOrder() throws Exception {
    List<Answer> answers =
        addresses.apply(
            List.of(
                add(ONE),
                add(ONE),
                new AddressChange.Delete(link, TWO),
                new AddressChange.Delete(link, SIX),
                new AddressChange.Add(link + 1000, ONE),
                new AddressChange.Delete(link, ONE)));
    assertThat(answers.stream().map(LinkAddressesTest::error).toList())
        .containsExactly("", "EEXIST", "EADDRNOTAVAIL", "EADDRNOTAVAIL", "ENODEV", "");
  }

  @Test
  void oneBadAddressAmongThousandsIsNamedAndTheOthersAreThere() throws Exception {
    List<AddressChange> changes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      changes.add(add(IpAddress.of("10.97." + i / 250 + "." + i % 250)));
    }
    changes.set(1500, changes.get(1499));
    List<Answer> answers = addresses.apply(changes);
    assertThat(answers).hasSize(3000);
    assertThat(error(answers.get(1500))).isEqualTo("EEXIST");
    assertThat(answers.stream().filter(DONE::equals).count()).isEqualTo(2999);
    assertThat(addresses.list(link)).hasSize(2999);
    assertThat(listedByIp()).hasSize(2999);
  }

  @Test
  void theAddressesOfOneInterfaceCanBeLeftOut() throws Exception {
    try (LocalAddresses all = namespace.open(LocalAddresses::open);
        LocalAddresses others = namespace.open(() -> LocalAddresses.openExcept("d0"));
        LocalAddresses same = namespace.open(() -> LocalAddresses.openExcept("none"))) {
      applyAll(add(ONE), add(SIX));
      namespace.ip(List.of("addr add 192.0.2.1/24 dev lo"));
      List<IpAddress> local =
          List.of(IpAddress.of("127.0.0.1"), IpAddress.of("192.0.2.1"), IpAddress.of("::1"));
      assertThat(others.list()).isEqualTo(local);
      assertThat(all.list()).hasSize(5).contains(ONE, SIX);
      assertThat(same.list()).isEqualTo(all.list());
    }
  }

  private AddressChange add(IpAddress address) {
    return new AddressChange.Add(link, address);
  }

  private void applyAll(AddressChange... changes) throws Exception {
    assertThat(addresses.apply(List.of(changes))).containsOnly(DONE);
  }

  private Optional<Link> get(String name) throws Exception {
    return namespace.run(() -> Links.get(name));
  }

  private String flags() {
    return namespace.exec("ip", "-o", "link", "show", "d0").replaceAll(".*<(.*)>.*\\s*", "$1");
  }

  // Column by column: index, name, family, address.
  private List<String> listedByIp() {
    return namespace
        .exec("ip", "-o", "addr", "show", "dev", "d0")
        .lines()
        .map(line -> line.split("\\s+", -1)[3])
        .toList();
  }

  private static String error(Answer answer) {
    return answer instanceof Answer.Refused(NetlinkError error)
        ? error.name()
        : answer.equals(DONE) ? "" : answer.toString();
  }
}
