package kubeproxy.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Finds functions of the C library, for the packages of the kernel. Every handle found takes the
/// memory for errno as its first argument, laid out as `Linker.Option.captureStateLayout()`.
public final class Symbols {

  private static final String NATIVE_ACCESS_HINT =
      "start java with --enable-native-access=ALL-UNNAMED";

  private Symbols() {}

  /// A function that returns `int`.
  ///
  /// @throws UnsatisfiedLinkError naming the function or the missing flag
  public static MethodHandle intFunction(String name, MemoryLayout... parameters) {
    return link(name, FunctionDescriptor.of(JAVA_INT, parameters), errno());
  }

  /// A function that returns `ssize_t`.
  ///
  /// @throws UnsatisfiedLinkError naming the function or the missing flag
  public static MethodHandle longFunction(String name, MemoryLayout... parameters) {
    return link(name, FunctionDescriptor.of(JAVA_LONG, parameters), errno());
  }

  /// A function that returns `int` and takes a variable number of arguments.
  ///
  /// @param fixed how many of the parameters are always there
  /// @throws UnsatisfiedLinkError naming the function or the missing flag
  public static MethodHandle variadicIntFunction(
      String name, int fixed, MemoryLayout... parameters) {
    return link(
        name,
        FunctionDescriptor.of(JAVA_INT, parameters),
        errno(),
        Linker.Option.firstVariadicArg(fixed));
  }

  /// A function that returns a pointer.
  ///
  /// @throws UnsatisfiedLinkError naming the function or the missing flag
  static MethodHandle pointerFunction(String name, MemoryLayout... parameters) {
    return link(name, FunctionDescriptor.of(ADDRESS, parameters), errno());
  }

  /// Where a function is, to be called by others than Java.
  ///
  /// @throws UnsatisfiedLinkError naming the function
  static MemorySegment address(String name) {
    return Linker.nativeLinker()
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
  }

  private static Linker.Option errno() {
    return Linker.Option.captureCallState("errno");
  }

  // The one restricted method: a wrong description of a function could crash the process.
  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String name, FunctionDescriptor description, Linker.Option... options) {
    try {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(address(name), description, options);
    } catch (IllegalCallerException refused) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError(
              "may not call " + name + " of the C library: " + NATIVE_ACCESS_HINT);
      error.initCause(refused);
      throw error;
    }
  }
}
