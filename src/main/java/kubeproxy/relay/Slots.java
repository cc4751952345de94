package kubeproxy.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The handlers of one loop by the numbers that events carry.
///
/// An event may come for a handler that has released its number: it was there already, or its
/// descriptor is closed here and still open in a process that was forked a moment ago and has not
/// yet begun its program (epoll(7) watches what a descriptor stands for). So events carry a tag,
/// which also says which use of the number they are meant for.
final class Slots {
  private static final int FIRST_CAPACITY = 1024;

  private @Nullable Handler[] handlers = new Handler[FIRST_CAPACITY];
  // How often each number was released.
  private int[] uses = new int[FIRST_CAPACITY];
  // A stack of numbers below `used` that are free.
  private int[] free = new int[FIRST_CAPACITY];
  private int freeCount;
  private int used;

  /// Gives a handler a number.
  int add(Handler handler) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    if (slot == handlers.length) {
      handlers = Arrays.copyOf(handlers, 2 * slot);
      uses = Arrays.copyOf(uses, 2 * slot);
    }
    handlers[slot] = handler;
    return slot;
  }

  /// What events for the handler that has this number now carry.
  ///
  /// @param side 0 or 1
  long tag(int slot, int side) {
    return (long) uses[slot] << Integer.SIZE | slot * 2L + side;
  }

  /// The handler that a tag was made for, or null if it has released its number.
  @Nullable Handler get(long tag) {
    int slot = (int) tag >>> 1;
    return uses[slot] == (int) (tag >>> Integer.SIZE) ? handlers[slot] : null;
  }

  /// Which side a tag was made for.
  static int side(long tag) {
    return (int) tag & 1;
  }

  /// From now on the number has no handler.
  void release(int slot) {
    handlers[slot] = null;
    uses[slot]++;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = slot;
  }

  /// One more than the highest number that was ever given.
  int size() {
    return used;
  }

  /// The handler that has a number now, if any.
  @Nullable Handler at(int slot) {
    return handlers[slot];
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
