package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kubeproxy.kernel.libc.Symbols;
import kubeproxy.model.IpAddress;

/// Makes, connects and ends sockets. Belongs to one thread. Every socket it makes is non-blocking
/// and not inherited by other programs.
public final class Sockets {

  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOL_SOCKET = 1;
  public static final int SO_REUSEADDR = 2;
  public static final int SO_RCVBUF = 8;
  public static final int SO_KEEPALIVE = 9;
  public static final int IPPROTO_IP = 0;
  public static final int IP_PKTINFO = 8;
  public static final int IPPROTO_TCP = 6;
  public static final int TCP_NODELAY = 1;
  public static final int TCP_KEEPIDLE = 4;
  public static final int TCP_KEEPINTVL = 5;
  public static final int IPPROTO_UDP = 17;
  public static final int UDP_SEGMENT = 103;
  public static final int UDP_GRO = 104;
  public static final int IPPROTO_IPV6 = 41;
  public static final int IPV6_V6ONLY = 26;
  public static final int IPV6_RECVPKTINFO = 49;
  public static final int IPPROTO_SCTP = 132;
  public static final int SCTP_NODELAY = 3;
  public static final int SHUT_WR = 1;

  private static final int SO_LINGER = 13;
  private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;

  private static final MethodHandle SOCKET =
      Symbols.intFunction("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND =
      Symbols.intFunction("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle LISTEN = Symbols.intFunction("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT =
      Symbols.intFunction("connect", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle ACCEPT =
      Symbols.intFunction("accept4", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SHUTDOWN = Symbols.intFunction("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = Symbols.intFunction("close", JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      Symbols.intFunction("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      Symbols.intFunction("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD = Symbols.intFunction("eventfd", JAVA_INT, JAVA_INT);

  private final CallState state = new CallState();
  private final MemorySegment name = Arena.ofAuto().allocate(SocketAddressMemory.BYTES, 8);
  private final MemorySegment length = Arena.ofAuto().allocate(JAVA_INT);
  private final MemorySegment option = Arena.ofAuto().allocate(JAVA_LONG);

  /// Makes a socket.
  public int socket(int domain, int type, int protocol) {
    try {
      return state.of(
          (int) SOCKET.invokeExact(state.memory, domain, type | NONBLOCK_CLOEXEC, protocol));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Gives a socket its local address.
  public int bind(int descriptor, IpAddress address, int port) {
    int bytes = SocketAddressMemory.write(name, 0, address, port);
    try {
      return state.of((int) BIND.invokeExact(state.memory, descriptor, name.address(), bytes));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Lets others connect.
  public int listen(int descriptor, int backlog) {
    try {
      return state.of((int) LISTEN.invokeExact(state.memory, descriptor, backlog));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Begins to connect: `-EINPROGRESS` if it takes longer.
  public int connect(int descriptor, IpAddress address, int port) {
    int bytes = SocketAddressMemory.write(name, 0, address, port);
    try {
      return state.of((int) CONNECT.invokeExact(state.memory, descriptor, name.address(), bytes));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Takes a waiting connection; then [#peer] tells whose.
  public int accept(int descriptor) {
    length.set(JAVA_INT, 0, SocketAddressMemory.BYTES);
    try {
      return state.of(
          (int)
              ACCEPT.invokeExact(
                  state.memory, descriptor, name.address(), length.address(), NONBLOCK_CLOEXEC));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Whose connection the last [#accept] took.
  public IpAddress peer() {
    return SocketAddressMemory.address(name, 0);
  }

  /// The port a socket is bound to, or the negative error number.
  public int localPort(int descriptor) {
    length.set(JAVA_INT, 0, SocketAddressMemory.BYTES);
    try {
      int result = state.of((int) GETSOCKNAME.invokeExact(state.memory, descriptor, name, length));
      return result < 0 ? result : SocketAddressMemory.port(name, 0);
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Says that nothing more will be sent ([#SHUT_WR]).
  public int shutdown(int descriptor, int how) {
    try {
      return state.of((int) SHUTDOWN.invokeExact(state.memory, descriptor, how));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Closes a descriptor. It is closed even if this fails; never call twice.
  public int close(int descriptor) {
    try {
      return state.of((int) CLOSE.invokeExact(state.memory, descriptor));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Closes a connection so that the other side sees it reset: what is not yet sent is discarded
  /// (`SO_LINGER` with no time, socket(7)).
  public int reset(int descriptor) {
    option.set(JAVA_INT, 0, 1);
    option.set(JAVA_INT, Integer.BYTES, 0);
    set(descriptor, SOL_SOCKET, SO_LINGER, 2 * Integer.BYTES);
    return close(descriptor);
  }

  /// Sets an option that is an `int`.
  public int option(int descriptor, int level, int number, int value) {
    option.set(JAVA_INT, 0, value);
    return set(descriptor, level, number, Integer.BYTES);
  }

  /// Makes an event counter, non-blocking: the smallest thing that takes a descriptor, and wakes an
  /// [Epoll].
  public int eventCounter() {
    try {
      return state.of((int) EVENTFD.invokeExact(state.memory, 0, NONBLOCK_CLOEXEC));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  private int set(int descriptor, int level, int number, int bytes) {
    try {
      return state.of(
          (int)
              SETSOCKOPT.invokeExact(
                  state.memory, descriptor, level, number, option.address(), bytes));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }
}
