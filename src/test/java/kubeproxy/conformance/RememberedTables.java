package kubeproxy.conformance;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;

/// Remembers what `iptables-save` printed until something else is run, where nobody else changes
/// the tables.
final class RememberedTables implements Programs {
  private final Programs programs;
  private final Map<String, ProgramEnd> printed = new ConcurrentHashMap<>();

  RememberedTables(Programs programs) {
    this.programs = programs;
  }

  @Override
  public ProgramEnd run(ProgramCall call, byte[] input) throws InterruptedException {
    String command = call.toString();
    if (!command.endsWith("-save")) {
      printed.clear();
      return programs.run(call, input);
    }
    ProgramEnd known = printed.get(command);
    if (known == null) {
      known = programs.run(call, input);
      printed.put(command, known);
    }
    return known;
  }
}
