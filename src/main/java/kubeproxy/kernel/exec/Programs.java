package kubeproxy.kernel.exec;

/// Runs programs. The seam for tests of what depends on programs.
@FunctionalInterface
public interface Programs {

  /// Runs a program and waits for its end. Never throws for what the program does.
  ///
  /// @param input what it reads from standard input
  /// @throws InterruptedException if the thread was interrupted; the program is killed then
  ProgramEnd run(ProgramCall call, byte[] input) throws InterruptedException;

  /// Runs a program without input; see [#run(ProgramCall, byte\[\])].
  default ProgramEnd run(ProgramCall call) throws InterruptedException {
    return run(call, new byte[0]);
  }

  /// Those of this host.
  static Programs ofHost() {
    return new HostPrograms();
  }
}
