package kubeproxy.engine;

/// What to do about an error in the program itself. The engine does not go on after one: its belief
/// of what is installed can no longer be trusted. What the kernel holds stays.
@FunctionalInterface
public interface FaultHandler {

  /// The thread named `thread` ended because of `cause`. Called last thing on that thread.
  void fatal(String thread, Throwable cause);
}
