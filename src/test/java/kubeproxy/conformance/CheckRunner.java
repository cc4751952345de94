package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Sctp;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict;
import kubeproxy.testing.scenario.Check;
import kubeproxy.testing.scenario.Check.Expectation;
import kubeproxy.testing.scenario.Check.Source;
import kubeproxy.testing.scenario.Check.Target;

/// Sends the packets of checks and compares what became of them.
final class CheckRunner {

  /// With five endpoints, one is missed by so many connections once in a hundred billion runs.
  private static final int MOST_CONNECTIONS = 120;

  /// For each address of the crowd, which is many already.
  private static final int CROWD_CONNECTIONS = 3;

  private final ModeUnderTest mode;
  private final Topology topology;
  private final Traffic traffic;

  CheckRunner(ModeUnderTest mode, Topology topology, Traffic traffic) {
    this.mode = mode;
    this.topology = topology;
    this.traffic = traffic;
  }

  /// Runs all at the same time and fails with the list of those that are not as they should be.
  void runAll(List<Check> checks) throws InterruptedException {
    var failures = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running =
          checks.stream().<Future<?>>map(check -> threads.submit(() -> run(check))).toList();
      for (int i = 0; i < checks.size(); i++) {
        try {
          running.get(i).get();
        } catch (ExecutionException e) {
          failures.add("'" + checks.get(i).text() + "': " + reason(e));
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(String.join("\n", failures));
    }
  }

  private static String reason(ExecutionException e) {
    return e.getCause() instanceof AssertionError error
        ? String.valueOf(error.getMessage())
        : String.valueOf(e.getCause());
  }

  /// Uses a flow once; of several endpoints, any will do.
  void ask(Flow flow, Check check) {
    Verdict verdict = flow.ask(patience(check));
    switch (check.expectation()) {
      case Expectation.Reaches reaches -> {
        Target target = target(verdict, reaches.seen(), check.source().orElseThrow());
        assertThat(reaches.targets()).as(check.text()).contains(target);
      }
      case Expectation.Sticks _ ->
          throw new AssertionError("a flow always sticks; say reaches: " + check.text());
      case Expectation.Refused _ -> expect(check, verdict, new Verdict.Refused());
      case Expectation.Dropped _ -> expect(check, verdict, new Verdict.Dropped());
      case Expectation.NotServed _ -> expect(check, verdict, untranslated(check));
    }
  }

  private Void run(Check check) throws Exception {
    if (check.protocol() == Protocol.SCTP) {
      askTheMode(check);
      if (!Sctp.isSpoken() || !(check.expectation() instanceof Expectation.Reaches)) {
        return null;
      }
    }
    switch (check.expectation()) {
      case Expectation.Reaches reaches -> spread(check, reaches);
      case Expectation.Sticks sticks -> {
        for (IpAddress source : sources(check)) {
          stick(check, sticks, source);
        }
      }
      case Expectation.Refused _ -> expect(check, askOnce(check), new Verdict.Refused());
      case Expectation.Dropped _ -> expect(check, askOnce(check), new Verdict.Dropped());
      case Expectation.NotServed _ -> expect(check, askOnce(check), untranslated(check));
    }
    return null;
  }

  /// This kernel may know no SCTP, so what is installed is compared. An empty list is right for
  /// everything that reaches nobody, which SCTP itself could only tell by its long patience: it
  /// does not believe ICMP.
  private void askTheMode(Check check) throws Exception {
    List<String> expected =
        check.expectation() instanceof Expectation.Reaches reaches
            ? reaches.targets().stream().map(Target::toString).sorted().toList()
            : List.of();
    List<String> installed = mode.installed(check.destination(), check.port(), check.protocol());
    assertThat(installed.stream().sorted().toList()).isEqualTo(expected);
  }

  private void spread(Check check, Expectation.Reaches reaches) {
    var expected = new TreeSet<>(reaches.targets());
    var seen = new TreeSet<Target>();
    List<IpAddress> sources = sources(check);
    int least = sources.size() == 1 ? mode.leastConnections() : sources.size();
    for (int i = 0; i < MOST_CONNECTIONS && (i < least || !seen.equals(expected)); i++) {
      IpAddress source = sources.get(i % sources.size());
      Target target = target(ask(check, source), reaches.seen(), source);
      seen.add(target);
      if (!expected.contains(target)) {
        throw new AssertionError(target + " answered, which should not");
      }
    }
    if (!seen.equals(expected)) {
      throw new AssertionError("of " + expected + " only " + seen + " answered");
    }
  }

  private void stick(Check check, Expectation.Sticks sticks, IpAddress source) {
    var seen = new TreeSet<Target>();
    int connections = check.source().isPresent() ? mode.leastConnections() : CROWD_CONNECTIONS;
    for (int i = 0; i < connections; i++) {
      seen.add(target(ask(check, source), sticks.seen(), source));
    }
    assertThat(seen).as("endpoints that answered " + source).hasSize(1);
    assertThat(sticks.targets()).containsAll(seen);
  }

  private List<IpAddress> sources(Check check) {
    return check
        .source()
        .map(List::of)
        .orElseGet(() ->
            topology.crowd().stream()
                .filter(address -> address.family() == check.destination().family())
                .toList());
  }

  private Verdict askOnce(Check check) {
    return ask(check, sources(check).getFirst());
  }

  private Verdict ask(Check check, IpAddress source) {
    return traffic.ask(
        source, check.destination(), check.port(), check.protocol(), patience(check));
  }

  private static Duration patience(Check check) {
    return switch (check.expectation()) {
      case Expectation.Dropped _ -> Traffic.FOR_SILENCE;
      case Expectation.Refused _ when check.protocol() == Protocol.TCP -> Traffic.FOR_A_RESET;
      case Expectation.Refused _,
          Expectation.Reaches _,
          Expectation.Sticks _,
          Expectation.NotServed _ ->
          Traffic.FOR_AN_ANSWER;
    };
  }

  /// The endpoint that answered, after a look at whom it saw.
  private Target target(Verdict verdict, Source expected, IpAddress client) {
    if (!(verdict instanceof Verdict.Reached reached)) {
      throw new AssertionError(verdict.toString());
    }
    switch (expected) {
      case ANY -> {}
      case CLIENT -> assertThat(reached.source()).as("source seen").isEqualTo(client);
      case NODE ->
          assertThat(topology.ownedByNode(reached.source()) && !reached.source().equals(client))
              .as("%s is an address of the node that masquerading puts there", reached.source())
              .isTrue();
      case RELAY ->
          assertThat(topology.ownedByNode(reached.source()))
              .as("%s is an address of the node", reached.source())
              .isTrue();
    }
    return new Target(reached.endpoint(), reached.port());
  }

  private Verdict untranslated(Check check) {
    return new Verdict.Reached(check.destination(), check.port(), check.source().orElseThrow());
  }

  private static void expect(Check check, Verdict verdict, Verdict expected) {
    if (!verdict.equals(expected)) {
      throw new AssertionError("'" + check.text() + "': " + verdict);
    }
  }
}
