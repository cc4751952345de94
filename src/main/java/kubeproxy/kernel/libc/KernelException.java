package kubeproxy.kernel.libc;

import java.io.IOException;

/// A system call that failed.
public final class KernelException extends IOException {

  private final String call;
  private final int errno;

  /// @param call the call with what matters of its arguments, as `setsockopt(SO_SNDBUFFORCE)`
  /// @param errno the error number, positive
  public KernelException(String call, int errno) {
    super(call + ": " + Errno.nameOf(errno) + " (" + Errno.textOf(errno) + ")");
    this.call = call;
    this.errno = errno;
  }

  /// The call that failed.
  public String call() {
    return call;
  }

  /// The error number, positive.
  public int errno() {
    return errno;
  }

  /// Whether the call failed with `expected`.
  public boolean is(Errno expected) {
    return errno == expected.number();
  }
}
