package kubeproxy.apiwatch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Kind;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Knows our own Node, and waits at the start until it has what the proxy needs. Is told of all
/// deltas of a [ClusterSource]. Safe for any thread.
public final class NodeWait {
  /// How long to wait for the Node and its addresses, as upstream.
  public static final Duration ADDRESSES = Duration.ofSeconds(30);

  /// How much longer for pod CIDRs, as upstream.
  public static final Duration POD_CIDRS = Duration.ofMinutes(5);

  private final ObjectId id;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();
  private @Nullable Node node;
  private boolean closed;

  /// What became of waiting.
  public sealed interface Outcome {

    /// The Node has what was waited for.
    record Ready(Node node) implements Outcome {}

    /// The proxy goes on without addresses of its Node.
    ///
    /// @param message an error line for the log
    record GoOn(Optional<Node> node, String message) implements Outcome {}

    /// The proxy cannot work without pod CIDRs.
    ///
    /// @param message why the process ends
    record Fatal(String message) implements Outcome {}

    /// Somebody called [NodeWait#close()].
    record Closed() implements Outcome {}
  }

  /// Waits for the Node of this name.
  ///
  /// @param nanoTime a monotonic clock in nanoseconds
  public NodeWait(String name, LongSupplier nanoTime) {
    this.id = new ObjectId(Kind.NODE, new ObjectKey("", name));
    this.nanoTime = nanoTime;
  }

  /// Looks for the Node in what has changed.
  public void observe(ClusterDelta delta) {
    Optional<ClusterObject> change = delta.changes().get(id);
    if (change == null) {
      return;
    }
    synchronized (lock) {
      node = change.orElse(null) instanceof Node present ? present : null;
      lock.notifyAll();
    }
  }

  /// The Node as it is known now; empty if there is none.
  public Optional<Node> node() {
    synchronized (lock) {
      return Optional.ofNullable(node);
    }
  }

  /// Waits for addresses, and then for pod CIDRs if they are wanted.
  ///
  /// @param podCidrs whether the proxy needs them (`detectLocalMode: NodeCIDR`)
  /// @throws InterruptedException if the thread was interrupted
  public Outcome await(boolean podCidrs) throws InterruptedException {
    return await(podCidrs, ADDRESSES, POD_CIDRS);
  }

  Outcome await(boolean podCidrs, Duration forAddresses, Duration forPodCidrs)
      throws InterruptedException {
    synchronized (lock) {
      waitFor(forAddresses, false);
      if (closed) {
        return new Outcome.Closed();
      }
      if (!podCidrs) {
        return hasAll(false)
            ? new Outcome.Ready(present())
            : new Outcome.GoOn(Optional.ofNullable(node), "Timed out waiting for " + missing());
      }
      waitFor(forPodCidrs, true);
      if (closed) {
        return new Outcome.Closed();
      }
      return podCidrOutcome();
    }
  }

  private Outcome podCidrOutcome() {
    String name = id.key().name();
    if (node == null) {
      return new Outcome.Fatal("timeout waiting for node \"" + name + "\" to exist");
    }
    if (node.podCidrs().isEmpty()) {
      return new Outcome.Fatal("timeout waiting for PodCIDR allocation on node \"" + name + "\"");
    }
    return node.addresses().isEmpty()
        ? new Outcome.GoOn(Optional.of(node), "Timed out waiting for " + missing())
        : new Outcome.Ready(node);
  }

  /// Nobody waits any longer.
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }

  private Node present() {
    if (node == null) {
      throw new IllegalStateException("asked for a node that is not there");
    }
    return node;
  }

  private String missing() {
    return node == null ? "node to exist" : "node to be assigned IPs";
  }

  private boolean hasAll(boolean podCidrs) {
    return node != null && (podCidrs ? !node.podCidrs().isEmpty() : !node.addresses().isEmpty());
  }

  private void waitFor(Duration patience, boolean podCidrs) throws InterruptedException {
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    while (!closed && !hasAll(podCidrs)) {
      long left = deadline - nanoTime.getAsLong();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(lock, Math.max(left, 1_000_000));
    }
  }
}
