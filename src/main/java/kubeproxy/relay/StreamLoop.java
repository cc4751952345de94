package kubeproxy.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;

/// What one loop has for its connections: who waits for a backend, and whose listener rests.
final class StreamLoop {

  /// How often a backend is looked for.
  static final int ATTEMPTS = 4;

  // Doubled with each attempt.
  private static final Duration FIRST_DIAL_TIME = Duration.ofMillis(250);

  // A difference that hardly matters is not worth waking another thread for.
  private static final int LOAD_TOLERANCE = 8;

  private static final Duration COMPLAINT_SPACING = Duration.ofMinutes(1);

  private final EventLoop events;
  private final List<StreamLoop> all;
  private final Usage connections;
  private final List<DialQueue> dials = new ArrayList<>();
  private final AcceptRest rest = new AcceptRest();
  private final KeepAlives keepAlives;
  private final Logger log;
  private final LogLimit complaints;
  private final Reserve reserve;

  /// @param all loops, this one included when it begins to work
  /// @param connections usage of connections, by all loops
  StreamLoop(
      EventLoop events,
      List<StreamLoop> all,
      Usage connections,
      Reserve reserve,
      RelayOptions options) {
    this.events = events;
    this.all = all;
    this.connections = connections;
    this.reserve = reserve;
    log = options.log();
    complaints = new LogLimit("relay", COMPLAINT_SPACING, options.nanoTime());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      DialQueue queue = new DialQueue(attempt, FIRST_DIAL_TIME.toNanos() << attempt);
      dials.add(queue);
      events.addTimer(queue);
    }
    events.addTimer(rest);
    keepAlives = new KeepAlives(events);
    events.addTimer(keepAlives);
  }

  /// Descriptors for when there are no others.
  Reserve reserve() {
    return reserve;
  }

  EventLoop events() {
    return events;
  }

  /// Has a connection wait for an answer of its backend.
  void awaitAnswer(StreamFlow flow, int attempt) {
    dials.get(attempt).add(flow, events.now());
  }

  /// A backend answered a connection of this loop.
  void established() {
    keepAlives.established(events.now());
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
    reserve.recover(events.tools().sockets());
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
      chosen.events.post(() -> chosen.take(port, client, peer));
    }
  }

  /// Says, now and then, that connections are turned away.
  void complain(String reason) {
    log.limited(complaints).warn("Connections to the relay are not served", "reason", reason);
  }

  private void take(ServedPort port, int client, IpAddress peer) {
    if (events.hasEnded()) {
      int _ = events.tools().sockets().reset(client);
      ended();
      return;
    }
    new StreamFlow(this, port, client, peer).dial();
  }

  /// Has a listener rest, because nothing can be accepted now.
  void rest(Acceptor acceptor) {
    rest.add(acceptor, events.now());
  }
}
