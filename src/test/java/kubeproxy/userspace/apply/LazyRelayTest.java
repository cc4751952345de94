package kubeproxy.userspace.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.ListenerSpec;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.RelayCounters;
import kubeproxy.relay.RelayPort;
import kubeproxy.testing.FakeRelay;
import org.junit.jupiter.api.Test;

class LazyRelayTest {
  private static final ListenerSpec SPEC =
      new ListenerSpec(IpAddress.of("127.0.0.1"), new PortChoice.Exactly(80));
  private static final ServicePortName NAME =
      new ServicePortName(new ObjectKey("ns", "web"), "http", Protocol.TCP);

  private static final FakeRelay.Place PLACE =
      new FakeRelay.Place(Protocol.TCP, IpAddress.of("127.0.0.1"), 80);

  private final FakeRelay fake = new FakeRelay();
  private int starts;
  private int failures;
  private final LazyRelay relay =
      new LazyRelay(() -> {
        starts++;
        if (starts <= failures) {
          throw new IOException("epoll_create1: EMFILE");
        }
        return fake;
      });

  private RelayPort open() {
    return relay.open(NAME, backends("10.1.0.1"));
  }

  private static BackendChoice backends(String address) {
    return BackendChoice.roundRobin(List.of(new Backend(IpAddress.of(address), 80)));
  }

  @Test
  void startsWhenSomethingIsToListen() {
    try (RelayPort port = open()) {
      port.update(backends("10.1.0.2"));
      assertThat(starts).isZero();
      assertThat(port.counters()).isEqualTo(RelayCounters.NONE);
      assertThat(port.listen(SPEC)).isInstanceOf(ListenOutcome.Listening.class);
      assertThat(fake.choice(PLACE)).isEqualTo(backends("10.1.0.2"));
      try (RelayPort other = open()) {
        assertThat(other.name()).isEqualTo(NAME);
        assertThat(starts).isOne();
      }
    }
  }

  @Test
  void whatCannotStartIsTriedAgain() {
    failures = 2;
    try (RelayPort port = open()) {
      ListenOutcome refused =
          new ListenOutcome.Failed("the relay cannot start: epoll_create1: EMFILE");
      assertThat(port.listen(SPEC)).isEqualTo(refused);
      assertThat(port.listen(SPEC)).isEqualTo(refused);
      assertThat(port.listen(SPEC)).isInstanceOf(ListenOutcome.Listening.class);
    }
  }
}
