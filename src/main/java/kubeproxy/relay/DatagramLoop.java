package kubeproxy.relay;

import kubeproxy.kernel.socket.Datagrams;
import org.jspecify.annotations.Nullable;

/// What one loop has for its UDP flows: the memory for datagrams, and who was silent how long.
final class DatagramLoop implements Timer {
  // Enough that calls are few against datagrams, few enough to stay in the processor's cache.
  private static final int PLACES = 64;

  private final EventLoop events;
  private final Usage flows;
  private final Reserve reserve;
  private final long idleNanos;
  private final Datagrams datagrams = new Datagrams(PLACES);
  private final DatagramSender sender = new DatagramSender(datagrams);
  // A ring, from the one that was silent longest to the one that spoke last; null if empty.
  private @Nullable DatagramFlow eldest;

  /// @param flows usage of flows, by all loops
  DatagramLoop(EventLoop events, Usage flows, Reserve reserve, long idleNanos) {
    this.events = events;
    this.flows = flows;
    this.reserve = reserve;
    this.idleNanos = idleNanos;
    events.addTimer(this);
  }

  EventLoop events() {
    return events;
  }

  /// Descriptors for when there are no others.
  Reserve reserve() {
    return reserve;
  }

  Datagrams datagrams() {
    return datagrams;
  }

  DatagramSender sender() {
    return sender;
  }

  /// Makes room for another flow, if need be by ending the one that was silent longest.
  boolean admit() {
    if (flows.take()) {
      return true;
    }
    return makeRoom() && flows.take();
  }

  /// Ends the flow of this loop that was silent longest, if there is one.
  boolean makeRoom() {
    DatagramFlow oldest = eldest;
    if (oldest == null) {
      return false;
    }
    oldest.evict();
    return true;
  }

  /// Gives back what [#admit] took, if no flow began.
  void notAdmitted() {
    flows.give();
  }

  /// A flow began.
  void add(DatagramFlow flow) {
    events.addLoad(1);
    append(flow);
  }

  /// A flow ended.
  void remove(DatagramFlow flow) {
    unlink(flow);
    flows.give();
    events.addLoad(-1);
    reserve.recover(events.tools().sockets());
  }

  /// A flow is not silent.
  void touch(DatagramFlow flow) {
    flow.lastNanos = events.now();
    DatagramFlow first = eldest;
    if (first == flow) {
      eldest = flow.younger;
    } else if (first != null && first.older != flow) {
      unlink(flow);
      append(flow);
    }
  }

  @Override
  public long remaining(long now) {
    return eldest == null ? NEVER : eldest.lastNanos + idleNanos - now;
  }

  @Override
  public void run(long now) {
    while (eldest != null && remaining(now) <= 0) {
      eldest.end();
    }
  }

  private void append(DatagramFlow flow) {
    flow.lastNanos = events.now();
    DatagramFlow first = eldest;
    if (first == null) {
      flow.older = flow;
      flow.younger = flow;
      eldest = flow;
      return;
    }
    DatagramFlow last = first.older;
    flow.older = last;
    flow.younger = first;
    last.younger = flow;
    first.older = flow;
  }

  private void unlink(DatagramFlow flow) {
    if (flow.younger == flow) {
      eldest = null;
      return;
    }
    flow.older.younger = flow.younger;
    flow.younger.older = flow.older;
    if (eldest == flow) {
      eldest = flow.younger;
    }
  }
}
