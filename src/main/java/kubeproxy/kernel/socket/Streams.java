package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kubeproxy.kernel.libc.Symbols;

/// Moves bytes between sockets, either through a buffer that belongs to this object or through
/// pipes, without them ever leaving the kernel (splice(2)). Belongs to one thread.
public final class Streams {
  private static final int MSG_PEEK = 0x2;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SPLICE_F_MOVE = 1;
  private static final int SPLICE_F_NONBLOCK = 2;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;

  private static final MethodHandle RECV =
      Symbols.longFunction("recv", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND =
      Symbols.longFunction("send", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle READ =
      Symbols.longFunction("read", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WRITE =
      Symbols.longFunction("write", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SPLICE =
      Symbols.longFunction("splice", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle PIPE = Symbols.intFunction("pipe2", JAVA_LONG, JAVA_INT);
  private static final MethodHandle FCNTL =
      Symbols.variadicIntFunction("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);

  private final CallState state = new CallState();
  private final MemorySegment pair = Arena.ofAuto().allocate(2L * Integer.BYTES, Integer.BYTES);
  private final MemorySegment buffer;
  private final long bufferAddress;
  private final int bufferBytes;

  /// @param bufferBytes of the buffer that bytes are copied through
  public Streams(int bufferBytes) {
    // Whole pages, so that the kernel copies without straddling one more.
    buffer = Arena.ofAuto().allocate(bufferBytes, 4096);
    bufferAddress = buffer.address();
    this.bufferBytes = bufferBytes;
  }

  /// The size of the buffer.
  public int bufferBytes() {
    return bufferBytes;
  }

  /// Receives into the buffer; 0 if nothing more will come.
  public int receive(int socket) {
    return receive(socket, bufferAddress, bufferBytes, MSG_DONTWAIT);
  }

  /// Like [#receive], but leaves the bytes where they are.
  public int peek(int socket) {
    return receive(socket, bufferAddress, bufferBytes, MSG_DONTWAIT | MSG_PEEK);
  }

  /// Takes bytes that were seen by [#peek] out of the queue of a TCP socket, without copying them
  /// (`MSG_TRUNC`, tcp(7)).
  public int discard(int socket, int bytes) {
    return receive(socket, 0, bytes, MSG_DONTWAIT | MSG_TRUNC);
  }

  /// Sends from the buffer; returns how many bytes were taken.
  public int send(int socket, int from, int to) {
    try {
      return state.of(
          (long)
              SEND.invokeExact(
                  state.memory,
                  socket,
                  bufferAddress + from,
                  (long) (to - from),
                  MSG_DONTWAIT | MSG_NOSIGNAL));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Writes from the buffer into a pipe; returns how many bytes were taken.
  public int write(int pipe, int from, int to) {
    try {
      return state.of(
          (long) WRITE.invokeExact(state.memory, pipe, bufferAddress + from, (long) (to - from)));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Reads a descriptor that is no socket into the buffer.
  public int read(int descriptor, int bytes) {
    try {
      return state.of(
          (long) READ.invokeExact(state.memory, descriptor, bufferAddress, (long) bytes));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Moves at most so many bytes from a socket into a pipe or from a pipe into a socket, without
  /// waiting; 0 if nothing more will come.
  public int splice(int from, int to, int bytes) {
    try {
      return state.of(
          (long)
              SPLICE.invokeExact(
                  state.memory, from, 0L, to, 0L, (long) bytes, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Makes a pipe: then [#readEnd] and [#writeEnd] are its ends.
  public int pipe() {
    try {
      return state.of((int) PIPE.invokeExact(state.memory, pair.address(), NONBLOCK_CLOEXEC));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// The end to read of the pipe made last.
  public int readEnd() {
    return pair.get(JAVA_INT, 0);
  }

  /// The end to write of the pipe made last.
  public int writeEnd() {
    return pair.get(JAVA_INT, Integer.BYTES);
  }

  /// Gives a pipe another size, in bytes; returns the one it has then. Fails with `EPERM` beyond
  /// what an ordinary user may have (`fs.pipe-max-size`, `fs.pipe-user-pages-soft`).
  public int resizePipe(int pipe, int bytes) {
    try {
      return state.of((int) FCNTL.invokeExact(state.memory, pipe, F_SETPIPE_SZ, bytes));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  private int receive(int socket, long address, int bytes, int flags) {
    try {
      return state.of((long) RECV.invokeExact(state.memory, socket, address, (long) bytes, flags));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }
}
