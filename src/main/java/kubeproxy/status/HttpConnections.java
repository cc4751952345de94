package kubeproxy.status;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The open connections of one or several listeners. Safe for any thread.
///
/// There is room for a number of them. When it is used up, a new one takes the place of the one
/// that has kept us waiting longest, among those of the client address that has most. So however
/// many connections slow or hostile clients hold, one that comes with a request is served at once.
final class HttpConnections {
  private final int limit;
  private final LongSupplier nanoTime;
  private final Set<HttpConnection> open = new LinkedHashSet<>();

  /// Room for `limit` connections.
  ///
  /// @param nanoTime a monotonic clock in nanoseconds
  HttpConnections(int limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  /// Takes a connection in. False if there is no room, because all others are being answered.
  synchronized boolean admit(HttpConnection connection) {
    if (open.size() >= limit) {
      HttpConnection victim = longestWaiting();
      if (victim == null) {
        return false;
      }
      open.remove(victim);
      victim.close();
    }
    open.add(connection);
    return true;
  }

  private @Nullable HttpConnection longestWaiting() {
    Map<InetAddress, Integer> byClient = new HashMap<>();
    open.forEach(each -> byClient.merge(each.client(), 1, Integer::sum));
    @Nullable HttpConnection worst = null;
    int most = 0;
    for (HttpConnection each : open) {
      int count = byClient.getOrDefault(each.client(), 0);
      boolean worse =
          worst == null || count > most || (count == most && each.since() - worst.since() < 0);
      if (each.waits() && worse) {
        worst = each;
        most = count;
      }
    }
    return worst;
  }

  synchronized void remove(HttpConnection connection) {
    open.remove(connection);
  }

  /// Closes connections whose time is over.
  synchronized void closeLate() {
    long now = now();
    closeIf(connection -> connection.isLate(now));
  }

  /// Closes the connections of one listener.
  synchronized void closeOf(HttpListener listener) {
    closeIf(connection -> connection.listener() == listener);
  }

  private void closeIf(Predicate<HttpConnection> condition) {
    for (HttpConnection connection : List.copyOf(open)) {
      if (condition.test(connection)) {
        open.remove(connection);
        connection.close();
      }
    }
  }
}
