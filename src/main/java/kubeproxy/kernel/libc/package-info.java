/// The C library, called through `java.lang.foreign`: system calls with C names, plain Java types
/// and errors as [kubeproxy.kernel.libc.KernelException]. Linux on x86-64 and aarch64, whose
/// numbers for everything used here are the same (`asm-generic`).
///
/// This package knows nothing of netlink. No state is shared between threads: errno is captured for
/// each call in memory of that call. Nothing is looked up before the first call, so a process that
/// only prints its help needs no `--enable-native-access`.
@NullMarked
package kubeproxy.kernel.libc;

import org.jspecify.annotations.NullMarked;
