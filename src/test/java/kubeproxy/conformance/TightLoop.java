package kubeproxy.conformance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.testing.net.Verdict;

/// A client that connects from a pod to the Service `web` again and again, on a thread of its own,
/// until it is closed.
final class TightLoop implements AutoCloseable {
  private final TestNode node;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Verdict> failures = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean ended;

  TightLoop(TestNode node) {
    this.node = node;
    this.thread = Thread.ofPlatform().daemon().start(this::run);
  }

  private void run() {
    while (!ended) {
      Verdict verdict = node.connect(TestNode.POD, TestNode.WEB);
      if (!TestNode.isEndpoint(verdict)) {
        failures.add(verdict);
      }
      connections.incrementAndGet();
    }
  }

  /// Waits until it has connected so many times more.
  void awaitMore(int count) throws InterruptedException {
    int goal = connections.get() + count;
    TestNode.await("connections", () -> connections.get() >= goal);
  }

  /// Those that reached no endpoint.
  List<Verdict> failures() {
    return failures;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
