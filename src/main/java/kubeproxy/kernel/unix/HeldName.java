package kubeproxy.kernel.unix;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;

/// An abstract name that one process in a network namespace can hold at a time. The kernel takes it
/// back when the process ends, however it does.
public final class HeldName implements Closeable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;

  /// Nobody is ever accepted; whoever connects wants to see whom to.
  private static final int BACKLOG = 128;

  private final int descriptor;

  private HeldName(int descriptor) {
    this.descriptor = descriptor;
  }

  /// What became of an attempt to hold a name.
  public sealed interface Attempt {

    /// It is ours now.
    record Held(HeldName name) implements Attempt {}

    /// Another process has it.
    record Taken() implements Attempt {}
  }

  /// Tries to hold a name in the network namespace of the calling thread.
  ///
  /// @param name at most 100 bytes, without the zero byte that abstract names begin with
  /// @throws KernelException if it is not known whether the name is taken
  public static Attempt tryToHold(String name) throws KernelException {
    int descriptor = socket();
    try {
      Libc.bind(descriptor, address(name));
      Libc.listen(descriptor, BACKLOG);
      return new Attempt.Held(new HeldName(descriptor));
    } catch (KernelException e) {
      Libc.close(descriptor);
      if (e.is(Errno.EADDRINUSE)) {
        return new Attempt.Taken();
      }
      throw e;
    }
  }

  /// The process that holds a name; empty if none does, if it is not of this process's PID
  /// namespace or if it cannot be told.
  public static OptionalInt holder(String name) throws KernelException {
    int descriptor = socket();
    try {
      Libc.connect(descriptor, address(name));
      // struct ucred begins with the process, and 0 stands for one that cannot be seen from here
      int process = Libc.getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, "SO_PEERCRED");
      return process > 0 ? OptionalInt.of(process) : OptionalInt.empty();
    } catch (KernelException e) {
      if (e.is(Errno.ECONNREFUSED) || e.is(Errno.EAGAIN)) {
        return OptionalInt.empty();
      }
      throw e;
    } finally {
      Libc.close(descriptor);
    }
  }

  /// Gives the name up.
  @Override
  public void close() throws KernelException {
    Libc.close(descriptor);
  }

  private static int socket() throws KernelException {
    return Libc.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  }

  /// `struct sockaddr_un`: the family in native byte order, a zero byte, the name.
  private static byte[] address(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] address = Arrays.copyOf(new byte[] {AF_UNIX, 0, 0}, 3 + text.length);
    System.arraycopy(text, 0, address, 3, text.length);
    return address;
  }
}
