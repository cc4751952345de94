package kubeproxy.kernel.libc;

import java.lang.foreign.MemorySegment;

/// Remembers that a signal came, instead of what would have become of the process. Not thread-safe.
///
/// What the kernel calls when a signal comes interrupts a thread wherever it is, which no code of
/// Java stands; masking the signal is no way either, because the virtual machine has threads of its
/// own that it could still be given to. So the kernel is told to call a function of the C library
/// that is made for such moments and does nothing but make the signal ignored, `sigignore`. Whether
/// it was called shows when the same is asked for again: then the signal was ignored before.
public final class SignalLatch {
  private static final long SIG_IGN = 1;

  private final int number;
  private final MemorySegment sigignore = Symbols.address("sigignore");

  /// Begins to watch for a signal, in place of what the virtual machine does about it.
  ///
  /// @param number of the signal, from signal(7)
  public SignalLatch(int number) throws KernelException {
    this.number = number;
    long _ = Libc.signal(number, sigignore);
  }

  /// Whether the signal came since this was asked last, once or many times. None is lost: one that
  /// comes while this is being asked counts now or the next time.
  public boolean take() throws KernelException {
    return Libc.signal(number, sigignore) == SIG_IGN;
  }
}
