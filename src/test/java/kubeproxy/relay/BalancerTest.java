package kubeproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;
import kubeproxy.testing.ManualClock;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private static final Backend A = backend("10.0.0.1");
  private static final Backend B = backend("10.0.0.2");
  private static final Backend C = backend("10.0.0.3");
  private static final IpAddress CLIENT = IpAddress.of("10.9.0.1");
  private static final IpAddress OTHER = IpAddress.of("10.9.0.2");
  private static final int LIMIT = 3;

  private final ManualClock clock = new ManualClock();
  private final Balancer balancer = new Balancer(clock, new Random(1), LIMIT);

  private static Backend backend(String address) {
    return new Backend(IpAddress.of(address), 80);
  }

  private Backend next(IpAddress client) {
    Backend next = balancer.next(client, List.of());
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void nothingToChoose() {
    assertThat(balancer.next(CLIENT, List.of())).isNull();
    balancer.update(BackendChoice.roundRobin(List.of(A)));
    assertThat(balancer.next(CLIENT, List.of(A))).isNull();
  }

  @Test
  void backendsTakeTurns() {
    balancer.update(BackendChoice.roundRobin(List.of(A, B, C)));
    List<Backend> round = List.of(next(CLIENT), next(CLIENT), next(OTHER));
    assertThat(round).containsExactlyInAnyOrder(A, B, C);
    for (int i = 0; i < 6; i++) {
      assertThat(next(CLIENT)).isEqualTo(round.get(i % 3));
    }
  }

  @Test
  void orderIsNotAlwaysTheSame() {
    List<Backend> first = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      Balancer one = new Balancer(clock, new Random(seed), LIMIT);
      one.update(BackendChoice.roundRobin(List.of(A, B, C)));
      first.add(one.next(CLIENT, List.of()));
    }
    assertThat(first).contains(A, B, C);
  }

  @Test
  void sameBackendsInAnotherOrderChangeNoTurn() {
    balancer.update(BackendChoice.roundRobin(List.of(A, B, C)));
    List<Backend> round = List.of(next(CLIENT), next(CLIENT), next(CLIENT));
    assertThat(next(CLIENT)).isEqualTo(round.get(0));
    balancer.update(BackendChoice.roundRobin(List.of(C, A, B)));
    assertThat(next(CLIENT)).isEqualTo(round.get(1));
  }

  @Test
  void failedBackendsArePassedOver() {
    balancer.update(BackendChoice.roundRobin(List.of(A, B, C)));
    for (int i = 0; i < 5; i++) {
      assertThat(balancer.next(CLIENT, List.of(A, B))).isEqualTo(C);
    }
  }

  @Test
  void clientsStickUntilTheyAreSilentForTooLong() {
    balancer.update(new BackendChoice(List.of(A, B, C), 10));
    Backend chosen = next(CLIENT);
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofSeconds(10).minusNanos(1));
      assertThat(next(CLIENT)).isEqualTo(chosen);
    }
    clock.advance(Duration.ofSeconds(10));
    assertThat(next(CLIENT)).isNotEqualTo(chosen);
    assertThat(balancer.clients()).isEqualTo(1);
  }

  @Test
  void clientOfAFailedBackendSticksToTheNext() {
    balancer.update(new BackendChoice(List.of(A, B), 10));
    Backend chosen = next(CLIENT);
    Backend second = balancer.next(CLIENT, List.of(chosen));
    assertThat(second).isNotNull().isNotEqualTo(chosen);
    assertThat(next(CLIENT)).isEqualTo(second);
  }

  @Test
  void clientsOfABackendThatIsGoneAreFree() {
    balancer.update(new BackendChoice(List.of(A, B), 10));
    Backend chosen = next(CLIENT);
    Backend stays = chosen.equals(A) ? B : A;
    assertThat(next(OTHER)).isEqualTo(stays);
    balancer.update(new BackendChoice(List.of(stays, C), 10));
    assertThat(balancer.clients()).isEqualTo(1);
    assertThat(next(OTHER)).isEqualTo(stays);
  }

  @Test
  void changeOfTheTimeoutAloneTakesEffect() {
    balancer.update(new BackendChoice(List.of(A, B), 10));
    Backend chosen = next(CLIENT);
    balancer.update(new BackendChoice(List.of(A, B), 100));
    clock.advance(Duration.ofSeconds(50));
    assertThat(next(CLIENT)).isEqualTo(chosen);
    balancer.update(BackendChoice.roundRobin(List.of(A, B)));
    assertThat(balancer.clients()).isZero();
    assertThat(next(CLIENT)).isNotEqualTo(next(CLIENT));
  }

  @Test
  void clientSilentLongestMakesRoom() {
    balancer.update(new BackendChoice(List.of(A, B, C), 1000));
    Backend first = next(IpAddress.of("10.9.1.0"));
    for (int i = 1; i < 50; i++) {
      clock.advance(Duration.ofSeconds(1));
      next(IpAddress.of("10.9.1." + i));
      assertThat(next(IpAddress.of("10.9.1.0"))).isEqualTo(first);
      assertThat(balancer.clients()).isLessThanOrEqualTo(LIMIT);
    }
  }
}
