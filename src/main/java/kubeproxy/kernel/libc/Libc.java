package kubeproxy.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// System calls by their C names (manual section 2). A call that fails throws a [KernelException];
/// the two whose failures are everyday answers, [#recv] and [#poll], return the negative error
/// number instead.
///
/// Any thread may call. These calls block the carrier of a virtual thread, so call from platform
/// threads. Buffers are direct; their remaining bytes are used and their position stays.
public final class Libc {

  /// `poll`: there is something to read.
  public static final short POLLIN = 1;

  /// `recv`: leave the datagram in the queue.
  public static final int MSG_PEEK = 0x2;

  /// `recv`: return the length of the datagram even where the buffer is shorter.
  public static final int MSG_TRUNC = 0x20;

  /// `recv`: answer `EAGAIN` rather than wait.
  public static final int MSG_DONTWAIT = 0x40;

  private static final long SIG_ERR = -1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int POLLFD_BYTES = 8;
  private static final int SOCK_FILTER_BYTES = 8;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      Symbols.intFunction("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = Symbols.intFunction("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT =
      Symbols.intFunction("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = Symbols.intFunction("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = Symbols.intFunction("close", JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      Symbols.intFunction("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      Symbols.intFunction("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      Symbols.intFunction("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SEND =
      Symbols.longFunction("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV =
      Symbols.longFunction("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle POLL =
      Symbols.intFunction("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD = Symbols.intFunction("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD_WRITE =
      Symbols.intFunction("eventfd_write", JAVA_INT, JAVA_LONG);
  private static final MethodHandle OPEN =
      Symbols.variadicIntFunction("open", 2, ADDRESS, JAVA_INT);
  private static final MethodHandle SIGNAL = Symbols.pointerFunction("signal", JAVA_INT, ADDRESS);
  private static final MethodHandle SETNS = Symbols.intFunction("setns", JAVA_INT, JAVA_INT);

  private Libc() {}

  /// Makes a socket and returns its descriptor.
  public static int socket(int domain, int type, int protocol) throws KernelException {
    return (int)
        call("socket", (_, state) -> (int) SOCKET.invokeExact(state, domain, type, protocol));
  }

  /// Gives a socket its local address, a `sockaddr` as bytes.
  public static void bind(int descriptor, byte[] address) throws KernelException {
    call(
        "bind",
        (arena, state) ->
            (int) BIND.invokeExact(state, descriptor, copy(arena, address), address.length));
  }

  /// Gives a socket its remote address, a `sockaddr` as bytes.
  public static void connect(int descriptor, byte[] address) throws KernelException {
    call(
        "connect",
        (arena, state) ->
            (int) CONNECT.invokeExact(state, descriptor, copy(arena, address), address.length));
  }

  /// Lets others connect to a socket.
  ///
  /// @param backlog how many may wait to be accepted
  public static void listen(int descriptor, int backlog) throws KernelException {
    call("listen", (_, state) -> (int) LISTEN.invokeExact(state, descriptor, backlog));
  }

  /// Closes a descriptor. It is closed even if this throws; never call twice.
  public static void close(int descriptor) throws KernelException {
    call("close", (_, state) -> (int) CLOSE.invokeExact(state, descriptor));
  }

  /// The local address of a socket, at most `capacity` bytes of a `sockaddr`.
  public static byte[] getsockname(int descriptor, int capacity) throws KernelException {
    byte[] address = new byte[capacity];
    call(
        "getsockname",
        (arena, state) -> {
          MemorySegment name = arena.allocate(capacity);
          MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
          int result = (int) GETSOCKNAME.invokeExact(state, descriptor, name, length);
          MemorySegment.copy(name, 0, MemorySegment.ofArray(address), 0, capacity);
          return result;
        });
    return address;
  }

  /// Sets a socket option that is an `int`.
  ///
  /// @param name the option's name for the message of an error
  public static void setsockopt(int descriptor, int level, int option, int value, String name)
      throws KernelException {
    call(
        "setsockopt(" + name + ", " + value + ")",
        (arena, state) -> {
          MemorySegment pointer = arena.allocateFrom(JAVA_INT, value);
          return (int)
              SETSOCKOPT.invokeExact(
                  state, descriptor, level, option, pointer, (int) JAVA_INT.byteSize());
        });
  }

  /// The value of a socket option that is an `int`.
  ///
  /// @param name the option's name for the message of an error
  public static int getsockopt(int descriptor, int level, int option, String name)
      throws KernelException {
    int[] value = new int[1];
    call(
        "getsockopt(" + name + ")",
        (arena, state) -> {
          MemorySegment pointer = arena.allocate(JAVA_INT);
          MemorySegment length = arena.allocateFrom(JAVA_INT, (int) JAVA_INT.byteSize());
          int result =
              (int) GETSOCKOPT.invokeExact(state, descriptor, level, option, pointer, length);
          value[0] = pointer.get(JAVA_INT, 0);
          return result;
        });
    return value[0];
  }

  /// Attaches a classic packet filter program to a socket (`SO_ATTACH_FILTER`, socket(7)).
  ///
  /// @param program `struct sock_filter` one after the other, in native byte order
  public static void attachFilter(int descriptor, byte[] program) throws KernelException {
    call(
        "setsockopt(SO_ATTACH_FILTER)",
        (arena, state) -> {
          // struct sock_fprog: an unsigned short, padding, a pointer.
          MemorySegment description = arena.allocate(2 * ADDRESS.byteSize(), ADDRESS.byteSize());
          description.set(JAVA_SHORT, 0, (short) (program.length / SOCK_FILTER_BYTES));
          description.set(ADDRESS, ADDRESS.byteSize(), copy(arena, program));
          return (int)
              SETSOCKOPT.invokeExact(
                  state,
                  descriptor,
                  SOL_SOCKET,
                  SO_ATTACH_FILTER,
                  description,
                  (int) description.byteSize());
        });
  }

  /// Sends the remaining bytes of a direct buffer as one datagram; returns how many went.
  public static int send(int descriptor, ByteBuffer bytes, int flags) throws KernelException {
    MemorySegment segment = MemorySegment.ofBuffer(bytes);
    return (int)
        call(
            "send(" + segment.byteSize() + " bytes)",
            (_, state) ->
                (long) SEND.invokeExact(state, descriptor, segment, segment.byteSize(), flags));
  }

  /// Receives one datagram into the remaining bytes of a direct buffer. Returns its length, or the
  /// negative error number.
  public static int recv(int descriptor, ByteBuffer bytes, int flags) {
    MemorySegment segment = MemorySegment.ofBuffer(bytes);
    return (int)
        callForNegativeErrno((_, state) ->
            (long) RECV.invokeExact(state, descriptor, segment, segment.byteSize(), flags));
  }

  /// Waits until one of two descriptors can be read or the time is over. Returns the number of
  /// those that can, or the negative error number.
  ///
  /// @param timeoutMillis milliseconds; negative waits for ever
  public static int poll(int first, int second, int timeoutMillis) {
    return (int)
        callForNegativeErrno((arena, state) -> {
          // struct pollfd: int fd, short events, short revents.
          MemorySegment descriptors = arena.allocate(2L * POLLFD_BYTES, JAVA_INT.byteSize());
          descriptors.set(JAVA_INT, 0, first);
          descriptors.set(JAVA_SHORT, 4, POLLIN);
          descriptors.set(JAVA_INT, POLLFD_BYTES, second);
          descriptors.set(JAVA_SHORT, POLLFD_BYTES + 4, POLLIN);
          return (int) POLL.invokeExact(state, descriptors, 2L, timeoutMillis);
        });
  }

  /// Makes an event counter that another thread can raise to end a [#poll].
  public static int eventfd() throws KernelException {
    return (int)
        call(
            "eventfd",
            (_, state) -> (int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC | EFD_NONBLOCK));
  }

  /// Raises an event counter by one.
  public static void raise(int eventDescriptor) throws KernelException {
    call(
        "eventfd_write", (_, state) -> (int) EVENTFD_WRITE.invokeExact(state, eventDescriptor, 1L));
  }

  /// Opens a file for reading and returns its descriptor.
  public static int open(String path) throws KernelException {
    return (int)
        call(
            "open(" + path + ")",
            (arena, state) ->
                (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_RDONLY_CLOEXEC));
  }

  /// Moves the calling thread into a namespace.
  ///
  /// @param descriptor an open file of the namespace
  /// @param type its kind as a `CLONE_NEW…` flag, or 0 for any
  public static void setns(int descriptor, int type) throws KernelException {
    call("setns", (_, state) -> (int) SETNS.invokeExact(state, descriptor, type));
  }

  /// Sets what is to happen when a signal comes, and returns what was to happen before: an address,
  /// or one of the numbers of `SIG_DFL` and `SIG_IGN`.
  ///
  /// @param handler `SIG_IGN`, or a C function that may be called at any moment on any thread;
  ///   never one of Java
  static long signal(int number, MemorySegment handler) throws KernelException {
    long[] before = new long[1];
    call(
        "signal(" + number + ")",
        (_, state) -> {
          before[0] = ((MemorySegment) SIGNAL.invokeExact(state, number, handler)).address();
          return before[0] == SIG_ERR ? SIG_ERR : 0;
        });
    return before[0];
  }

  /// A call, given memory that lives as long as the call and the place for errno.
  private interface Downcall {
    long invoke(Arena arena, MemorySegment state) throws Throwable;
  }

  private static long call(String name, Downcall downcall) throws KernelException {
    long result = callForNegativeErrno(downcall);
    if (result < 0) {
      throw new KernelException(name, (int) -result);
    }
    return result;
  }

  // Errno gets fresh memory for every call: a call costs a microsecond, this a twentieth of it, and
  // no two threads can ever see each other's.
  private static long callForNegativeErrno(Downcall downcall) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long result = downcall.invoke(arena, state);
      return result < 0 ? -state.get(JAVA_INT, ERRNO_OFFSET) : result;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new AssertionError("a downcall throws no checked exception", failure);
    }
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(JAVA_BYTE, bytes);
  }
}
