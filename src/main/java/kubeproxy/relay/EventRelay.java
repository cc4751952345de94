package kubeproxy.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.plan.ServicePortName;

/// The relay on event loops.
final class EventRelay implements Relay {
  private final RelayOptions options;
  private final RelayLoops loops;
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  private EventRelay(RelayOptions options) throws IOException {
    this.options = options;
    loops = new RelayLoops(options);
    for (EventLoop loop : loops.events()) {
      threads.add(Thread.ofPlatform().name("relay-" + threads.size()).daemon().unstarted(loop));
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
    ServedPort port = new ServedPort(name, backends, options, loops);
    loops.add(port);
    return port;
  }

  @Override
  public RelayUse use() {
    return loops.use();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loops.ports().forEach(ServedPort::close);
    loops.events().forEach(EventLoop::stop);
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
    loops.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
