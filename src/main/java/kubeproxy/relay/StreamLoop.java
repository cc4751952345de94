package kubeproxy.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;

/// What one loop has for its connections: who waits for a backend, whose listener rests, and a
/// descriptor in reserve.
final class StreamLoop {

  /// How often a backend is looked for.
  static final int ATTEMPTS = 4;

  // Doubled with each attempt.
  private static final Duration FIRST_DIAL_TIME = Duration.ofMillis(250);

  // A difference that hardly matters is not worth waking another thread for.
  private static final int LOAD_TOLERANCE = 4;

  private final EventLoop events;
  private final List<StreamLoop> all;
  private final Usage connections;
  private final List<DialQueue> dials = new ArrayList<>();
  private final AcceptRest rest = new AcceptRest();
  private int reserve;

  /// @param all loops, this one included when it begins to work
  /// @param connections usage of connections, by all loops
  StreamLoop(EventLoop events, List<StreamLoop> all, Usage connections) {
    this.events = events;
    this.all = all;
    this.connections = connections;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      DialQueue queue = new DialQueue(attempt, FIRST_DIAL_TIME.toNanos() << attempt);
      dials.add(queue);
      events.addTimer(queue);
    }
    events.addTimer(rest);
    reserve = events.tools().sockets().eventCounter();
    events.atEnd(this::close);
  }

  EventLoop events() {
    return events;
  }

  /// Has a connection wait for an answer of its backend.
  void awaitAnswer(StreamFlow flow, int attempt) {
    dials.get(attempt).add(flow, events.now());
  }

  /// Takes the right to accept one more connection, given back by [#ended] of the loop it is on.
  boolean admit() {
    return connections.take();
  }

  /// Gives back what [#admit] took, if nothing was accepted.
  void notAdmitted() {
    connections.give();
  }

  /// A connection of this loop ended.
  void ended() {
    connections.give();
    events.addLoad(-1);
  }

  /// Gives an accepted connection to this loop, or to one that has clearly less to do.
  void begin(ServedPort port, int client, IpAddress peer) {
    StreamLoop least = this;
    int bound = events.load() - LOAD_TOLERANCE;
    for (StreamLoop other : all) {
      if (other.events.load() < bound) {
        least = other;
        bound = other.events.load();
      }
    }
    StreamLoop chosen = least;
    chosen.events.addLoad(1);
    if (chosen == this) {
      new StreamFlow(this, port, client, peer).dial();
    } else {
      chosen.events.post(() -> new StreamFlow(chosen, port, client, peer).dial());
    }
  }

  /// Has a listener rest, because nothing can be accepted now.
  void rest(Acceptor acceptor) {
    rest.add(acceptor, events.now());
  }

  /// Without descriptors, a client would wait in the queue for ever and keep this thread awake. So
  /// the one in reserve is given up for the moment of telling the client. Returns what accepting
  /// returned, or `-EMFILE` if there was none in reserve.
  int shed(int listener) {
    Sockets sockets = events.tools().sockets();
    if (reserve < 0) {
      reserve = sockets.eventCounter();
      return -Errno.EMFILE.number();
    }
    sockets.close(reserve);
    int client = sockets.accept(listener);
    if (client >= 0) {
      int _ = sockets.reset(client);
    }
    reserve = sockets.eventCounter();
    return client;
  }

  private void close() {
    if (reserve >= 0) {
      events.tools().sockets().close(reserve);
    }
  }

  /// Whether a call failed because the process or the kernel has no room for another socket.
  static boolean isExhaustion(int result) {
    return result == -Errno.EMFILE.number()
        || result == -Errno.ENFILE.number()
        || result == -Errno.ENOBUFS.number()
        || result == -Errno.ENOMEM.number();
  }
}
