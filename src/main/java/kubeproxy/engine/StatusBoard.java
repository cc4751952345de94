package kubeproxy.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import kubeproxy.model.IpFamily;

/// The status of every family: written by the sync thread, read and waited for by any.
final class StatusBoard {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<IpFamily, FamilyStatus> byFamily = new EnumMap<>(IpFamily.class);
  private boolean ended;

  StatusBoard(Set<IpFamily> families) {
    families.forEach(family -> byFamily.put(family, FamilyStatus.initial(family)));
  }

  void publish(FamilyStatus status) {
    lock.lock();
    try {
      byFamily.put(status.family(), status);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The loop has ended; nobody need wait any longer.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Map<IpFamily, FamilyStatus> all() {
    lock.lock();
    try {
      return new EnumMap<>(byFamily);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until it holds for all families.
  ///
  /// @return whether it does
  boolean await(Predicate<FamilyStatus> condition, Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = timeout.toNanos();
      while (!byFamily.values().stream().allMatch(condition)) {
        if (ended || remaining <= 0) {
          return false;
        }
        remaining = changed.awaitNanos(remaining);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
