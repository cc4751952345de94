package kubeproxy.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The handlers of one loop by the numbers that events carry. A number that is released is not used
/// again before [#recycle], because events that are already there may still carry it.
final class Slots {
  private static final int FIRST_CAPACITY = 1024;

  private @Nullable Handler[] handlers = new Handler[FIRST_CAPACITY];
  // A stack of numbers below `used` that are free.
  private int[] free = new int[FIRST_CAPACITY];
  private int freeCount;
  private int[] released = new int[FIRST_CAPACITY];
  private int releasedCount;
  private int used;

  /// Gives a handler a number.
  int add(Handler handler) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    if (slot == handlers.length) {
      handlers = Arrays.copyOf(handlers, 2 * slot);
    }
    handlers[slot] = handler;
    return slot;
  }

  /// The handler of a number, or null if it was released.
  @Nullable Handler get(int slot) {
    return handlers[slot];
  }

  /// From now on the number has no handler.
  void release(int slot) {
    handlers[slot] = null;
    if (releasedCount == released.length) {
      released = Arrays.copyOf(released, 2 * releasedCount);
    }
    released[releasedCount++] = slot;
  }

  /// Lets released numbers be used again: all events that were there have been looked at.
  void recycle() {
    if (releasedCount == 0) {
      return;
    }
    if (freeCount + releasedCount > free.length) {
      free = Arrays.copyOf(free, Math.max(2 * free.length, freeCount + releasedCount));
    }
    System.arraycopy(released, 0, free, freeCount, releasedCount);
    freeCount += releasedCount;
    releasedCount = 0;
  }

  /// All handlers.
  List<Handler> all() {
    List<Handler> all = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      Handler handler = handlers[i];
      if (handler != null) {
        all.add(handler);
      }
    }
    return all;
  }
}
