package kubeproxy.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.plan.ServicePortName;

/// The relay on event loops.
final class EventRelay implements Relay {
  private final RelayOptions options;
  private final Usage connections;
  private final Usage pipes;
  private final List<StreamLoop> streamLoops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<ServedPort> ports = new ArrayList<>();
  private boolean closed;

  private EventRelay(RelayOptions options) throws IOException {
    this.options = options;
    RelayLimits limits = options.limits();
    connections = new Usage(limits.connections());
    pipes = new Usage((int) Math.min(Integer.MAX_VALUE, limits.pipeBytes() / Pipes.FILL_BYTES));
    for (int i = 0; i < limits.threads(); i++) {
      EventLoop events = new EventLoop(options, pipes);
      streamLoops.add(new StreamLoop(events, streamLoops, connections));
      threads.add(Thread.ofPlatform().name("relay-" + i).daemon().unstarted(events));
    }
  }

  static EventRelay start(RelayOptions options) throws IOException {
    EventRelay relay = new EventRelay(options);
    relay.threads.forEach(Thread::start);
    return relay;
  }

  @Override
  public synchronized RelayPort open(ServicePortName name, BackendChoice backends) {
    if (closed) {
      throw new IllegalStateException("the relay is closed");
    }
    ServedPort port = new ServedPort(name, backends, options, streamLoops);
    ports.add(port);
    return port;
  }

  @Override
  public RelayUse use() {
    return new RelayUse(connections.used(), 0, (long) pipes.used() * Pipes.FILL_BYTES);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    ports.forEach(ServedPort::close);
    streamLoops.forEach(loop -> loop.events().stop());
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          // Loops end within moments, and whoever closes wants them to have ended.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
