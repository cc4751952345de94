package kubeproxy.testing.api;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The requests that came, the newest of them. Thread-safe.
public final class CallLog {
  private static final int LONGEST = 10_000;

  private final Deque<ApiCall> calls = new ArrayDeque<>();
  private long count;

  synchronized ApiCall add(String method, String target, Map<String, String> headers, String body) {
    ApiCall call = new ApiCall(++count, method, target, headers, body);
    calls.add(call);
    if (calls.size() > LONGEST) {
      calls.remove();
    }
    notifyAll();
    return call;
  }

  /// The requests of some sort so far, in order.
  public synchronized List<ApiCall> of(Predicate<ApiCall> sort) {
    return calls.stream().filter(sort).toList();
  }

  /// How many requests came.
  public synchronized long count() {
    return count;
  }

  /// Waits until that many requests of some sort have come.
  ///
  /// @throws AssertionError if they do not come in time
  public synchronized void await(int wanted, Predicate<ApiCall> sort, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (calls.stream().filter(sort).count() < wanted) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("fewer than " + wanted + " such requests: " + calls);
      }
      wait(left);
    }
  }
}
