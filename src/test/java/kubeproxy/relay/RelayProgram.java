package kubeproxy.relay;

import java.io.IOException;
import java.util.List;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;

/// A process with a relay, for limits that concern a process.
///
/// Argument: the port of the backend. Prints the port it listens on and, when its input ends, the
/// counters.
final class RelayProgram {
  private RelayProgram() {}

  /// Runs until the input ends.
  public static void main(String[] args) throws IOException {
    try (RelayFixture relay = new RelayFixture()) {
      Backend backend = new Backend(RelayFixture.LOOPBACK, Integer.parseInt(args[0]));
      RelayPort port = relay.open(Protocol.TCP, backend);
      System.out.println(RelayFixture.listen(port).port());
      while (System.in.read() >= 0) {
        // Whatever is said, only the end matters.
      }
      RelayCounters counters = port.counters();
      System.out.println(counters.connections() + " " + counters.shed());
    }
  }

  /// The counters of a line, as far as it has them.
  static RelayCounters parse(String line) {
    List<String> numbers = List.of(line.split(" ", -1));
    return new RelayCounters(
        Long.parseLong(numbers.get(0)), 0, 0, 0, 0, 0, Long.parseLong(numbers.get(1)), 0, 0);
  }
}
