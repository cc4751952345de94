package kubeproxy.relay;

import java.util.ArrayDeque;
import java.util.function.IntSupplier;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Sockets;

/// Descriptors for the moment when there are no others, and who may take what is left then. Shared
/// by all loops.
///
/// Without a descriptor nobody can be accepted, not even to be told: clients would wait in the
/// queue for ever and keep the loops awake. So one is given up for the moment of accepting and
/// resetting.
/// While descriptors are scarce, the loops take them one after the other, or one would take what
/// another gave up.
final class Reserve {
  // Whoever else in this process opens something may still come between.
  private static final int KEPT = 8;

  private final ArrayDeque<Integer> kept = new ArrayDeque<>(KEPT);
  private volatile boolean scarce;

  Reserve() {
    fill(new Sockets());
  }

  /// Whether a call failed because the process or the kernel has no room for another socket.
  static boolean isExhaustion(int result) {
    return result == -Errno.EMFILE.number()
        || result == -Errno.ENFILE.number()
        || result == -Errno.ENOBUFS.number()
        || result == -Errno.ENOMEM.number();
  }

  /// Whether nothing should be opened that can be done without.
  boolean isScarce() {
    return scarce;
  }

  /// Makes a call that opens a descriptor, and returns what it does.
  int open(IntSupplier call) {
    if (!scarce) {
      int result = call.getAsInt();
      if (isExhaustion(result)) {
        scarce = true;
      }
      return result;
    }
    synchronized (this) {
      return call.getAsInt();
    }
  }

  /// Accepts a connection and resets it. Returns what accepting returned, or an error of exhaustion
  /// if nothing is left to give up.
  synchronized int shed(Sockets sockets, int listener) {
    if (kept.isEmpty()) {
      fill(sockets);
      return -Errno.EMFILE.number();
    }
    sockets.close(kept.removeLast());
    int client = sockets.accept(listener);
    if (client >= 0) {
      int _ = sockets.reset(client);
    }
    fill(sockets);
    return client;
  }

  /// Tries to be prepared again, if descriptors were scarce.
  void recover(Sockets sockets) {
    if (scarce) {
      synchronized (this) {
        fill(sockets);
        scarce = kept.size() < KEPT;
      }
    }
  }

  /// Gives all back.
  synchronized void close() {
    Sockets sockets = new Sockets();
    kept.forEach(sockets::close);
    kept.clear();
  }

  private void fill(Sockets sockets) {
    while (kept.size() < KEPT) {
      int descriptor = sockets.eventCounter();
      if (descriptor < 0) {
        return;
      }
      kept.addLast(descriptor);
    }
  }
}
