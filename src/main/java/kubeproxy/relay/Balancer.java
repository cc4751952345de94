package kubeproxy.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Whose turn it is among the backends of one Service port, and which clients stay with which.
/// Safe for any thread.
final class Balancer {
  private static final int INITIAL_CLIENTS = 16;
  private static final float LOAD_FACTOR = 0.75f;

  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final int clientLimit;
  // The one that was silent longest comes first.
  private final LinkedHashMap<IpAddress, Stuck> clients =
      new LinkedHashMap<>(INITIAL_CLIENTS, LOAD_FACTOR, true);
  private List<Backend> turns = List.of();
  private int turn;
  private long affinityNanos;

  private record Stuck(Backend backend, long lastNanos) {}

  /// @param random for the order of turns; used under its own lock
  Balancer(LongSupplier nanoTime, RandomGenerator random, int clientLimit) {
    this.nanoTime = nanoTime;
    this.random = random;
    this.clientLimit = clientLimit;
  }

  /// Puts other backends in force.
  synchronized void update(BackendChoice choice) {
    affinityNanos = TimeUnit.SECONDS.toNanos(choice.affinityTimeoutSeconds());
    if (affinityNanos == 0) {
      clients.clear();
    }
    HashSet<Backend> wanted = new HashSet<>(choice.backends());
    if (wanted.size() == turns.size() && wanted.containsAll(turns)) {
      return;
    }
    clients.values().removeIf(stuck -> !wanted.contains(stuck.backend()));
    turns = shuffled(choice.backends());
    turn = 0;
  }

  /// The backend for something new from a client, or null if there is none left.
  ///
  /// @param failed backends that are not to be chosen
  synchronized @Nullable Backend next(IpAddress client, List<Backend> failed) {
    if (affinityNanos == 0) {
      return takeTurn(failed);
    }
    long now = nanoTime.getAsLong();
    forgetSilent(now);
    Stuck stuck = clients.get(client);
    Backend backend =
        stuck != null && !failed.contains(stuck.backend()) ? stuck.backend() : takeTurn(failed);
    if (backend == null) {
      return null;
    }
    clients.put(client, new Stuck(backend, now));
    if (clients.size() > clientLimit) {
      clients.pollFirstEntry();
    }
    return backend;
  }

  /// How many clients stick to a backend.
  synchronized int clients() {
    return clients.size();
  }

  private @Nullable Backend takeTurn(List<Backend> failed) {
    for (int i = 0; i < turns.size(); i++) {
      Backend backend = turns.get(turn);
      turn = (turn + 1) % turns.size();
      if (!failed.contains(backend)) {
        return backend;
      }
    }
    return null;
  }

  // They are in the order of their last use, so only those that are forgotten are looked at.
  private void forgetSilent(long now) {
    Map.Entry<IpAddress, Stuck> eldest = clients.firstEntry();
    while (eldest != null && now - eldest.getValue().lastNanos() >= affinityNanos) {
      clients.pollFirstEntry();
      eldest = clients.firstEntry();
    }
  }

  // Otherwise every proxy of a cluster would begin with the same backend.
  private List<Backend> shuffled(List<Backend> backends) {
    List<Backend> order = new ArrayList<>(backends);
    synchronized (random) {
      for (int i = order.size() - 1; i > 0; i--) {
        Collections.swap(order, i, random.nextInt(i + 1));
      }
    }
    return List.copyOf(order);
  }
}
