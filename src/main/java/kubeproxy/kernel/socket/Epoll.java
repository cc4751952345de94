package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Symbols;

/// Waits for many descriptors at once (epoll(7)). Belongs to one thread.
public final class Epoll {
  public static final int EPOLLIN = 0x1;

  /// TCP: there is urgent data (tcp(7)).
  public static final int EPOLLPRI = 0x2;

  public static final int EPOLLOUT = 0x4;
  public static final int EPOLLERR = 0x8;
  public static final int EPOLLHUP = 0x10;
  public static final int EPOLLRDHUP = 0x2000;

  /// Of several that wait for the same descriptor, not all are woken.
  public static final int EPOLLEXCLUSIVE = 1 << 28;

  /// Tell of changes only.
  public static final int EPOLLET = 1 << 31;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CLOEXEC = 0x80000;

  // The structure is packed where 32-bit programs of the same machine are to see the same one.
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");
  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int DATA_OFFSET = PACKED ? 4 : 8;

  private static final MethodHandle CREATE = Symbols.intFunction("epoll_create1", JAVA_INT);
  private static final MethodHandle CONTROL =
      Symbols.intFunction("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle WAIT =
      Symbols.intFunction("epoll_wait", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

  private final CallState state = new CallState();
  private final MemorySegment event = Arena.ofAuto().allocate(EVENT_BYTES, 8);
  private final MemorySegment events;
  private final int capacity;
  private final int descriptor;

  /// @param capacity the most events that one [#await] returns
  public Epoll(int capacity) throws KernelException {
    this.capacity = capacity;
    events = Arena.ofAuto().allocate((long) capacity * EVENT_BYTES, 8);
    try {
      descriptor = state.of((int) CREATE.invokeExact(state.memory, EPOLL_CLOEXEC));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
    if (descriptor < 0) {
      throw new KernelException("epoll_create1", -descriptor);
    }
  }

  /// The descriptor of this object, to be closed by whoever made it.
  public int descriptor() {
    return descriptor;
  }

  /// Begins to watch a descriptor, until it is closed or removed.
  ///
  /// @param interest `EPOLL…` flags
  /// @param data comes back with each event
  public int add(int watched, int interest, long data) {
    return control(EPOLL_CTL_ADD, watched, interest, data);
  }

  /// Ends watching a descriptor.
  public int remove(int watched) {
    return control(EPOLL_CTL_DEL, watched, 0, 0);
  }

  /// Waits for events and returns how many there are.
  ///
  /// @param timeoutMillis milliseconds; negative waits for ever
  public int await(int timeoutMillis) {
    try {
      return state.of(
          (int)
              WAIT.invokeExact(
                  state.memory, descriptor, events.address(), capacity, timeoutMillis));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// What happened, as `EPOLL…` flags.
  public int flags(int index) {
    return events.get(JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES);
  }

  /// What was given to [#add].
  public long data(int index) {
    return events.get(JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + DATA_OFFSET);
  }

  private int control(int operation, int watched, int interest, long data) {
    event.set(JAVA_INT_UNALIGNED, 0, interest);
    event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
    try {
      return state.of(
          (int) CONTROL.invokeExact(state.memory, descriptor, operation, watched, event.address()));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }
}
