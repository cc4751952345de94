package kubeproxy.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.kernel.libc.KernelException;

/// All loops of a relay, what they have together, and the Service ports that they serve. Safe for
/// any thread.
final class RelayLoops {
  private final Usage connections;
  private final Usage pipes;
  private final Usage udpFlows;
  private final Reserve reserve = new Reserve();
  private final List<EventLoop> events = new ArrayList<>();
  private final List<StreamLoop> streams = new ArrayList<>();
  private final List<DatagramLoop> datagrams = new ArrayList<>();
  private final Set<ServedPort> ports = new HashSet<>();
  private int next;

  RelayLoops(RelayOptions options) throws KernelException {
    RelayLimits limits = options.limits();
    connections = new Usage(limits.connections());
    pipes = new Usage((int) Math.min(Integer.MAX_VALUE, limits.pipeBytes() / Pipes.FILL_BYTES));
    udpFlows = new Usage(limits.udpFlows());
    for (int i = 0; i < limits.threads(); i++) {
      EventLoop loop = new EventLoop(options, pipes, reserve);
      events.add(loop);
      streams.add(new StreamLoop(loop, streams, connections, reserve, options));
      datagrams.add(new DatagramLoop(loop, udpFlows, reserve, options.udpTimeout().toNanos()));
    }
  }

  List<EventLoop> events() {
    return events;
  }

  List<StreamLoop> streams() {
    return streams;
  }

  /// The loop for another listener of datagrams: they take turns.
  synchronized DatagramLoop nextForDatagrams() {
    return datagrams.get(next++ % datagrams.size());
  }

  /// A Service port is served from now on.
  synchronized void add(ServedPort port) {
    ports.add(port);
  }

  /// A Service port was closed.
  synchronized void forget(ServedPort port) {
    ports.remove(port);
  }

  /// The Service ports that are served.
  synchronized List<ServedPort> ports() {
    return List.copyOf(ports);
  }

  /// Gives back what belongs to no loop, after all have ended.
  void close() {
    reserve.close();
  }

  RelayUse use() {
    long pipeBytes = (long) pipes.used() * Pipes.FILL_BYTES;
    return new RelayUse(connections.used(), udpFlows.used(), pipeBytes);
  }
}
