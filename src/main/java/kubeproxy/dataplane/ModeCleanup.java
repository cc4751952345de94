package kubeproxy.dataplane;

/// Removes what one mode leaves in the kernel, whoever put it there: this program, an earlier
/// version or upstream's.
///
/// It needs nothing of a running proxy, and is used where none runs: for `--cleanup`, and for the
/// other modes before one of them starts.
public interface ModeCleanup {

  /// The mode's name as on the command line.
  String mode();

  /// Removes all of it. A step that fails does not keep the others from being tried; what is not
  /// there, or cannot be there because the kernel or the host lacks what the mode needs, is no
  /// failure.
  ///
  /// @throws InterruptedException if the thread was interrupted while a program of the host ran
  CleanupResult cleanUp() throws InterruptedException;
}
