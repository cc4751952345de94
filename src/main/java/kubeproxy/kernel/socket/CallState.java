package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// Where calls leave their error number. Belongs to one thread.
final class CallState {
  private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = LAYOUT.byteOffset(PathElement.groupElement("errno"));

  /// To be given to calls. Freed when unreachable, so that a call needs not keep it alive.
  final MemorySegment memory = Arena.ofAuto().allocate(LAYOUT);

  /// The result of a call, or its negative error number.
  int of(int result) {
    return result >= 0 ? result : -memory.get(JAVA_INT, ERRNO_OFFSET);
  }

  /// The result of a call, or its negative error number.
  int of(long result) {
    return result >= 0 ? (int) result : -memory.get(JAVA_INT, ERRNO_OFFSET);
  }

  /// What to throw for something thrown by a call.
  static Error unexpected(Throwable failure) {
    return failure instanceof Error error
        ? error
        : new AssertionError("a downcall throws no exception", failure);
  }
}
