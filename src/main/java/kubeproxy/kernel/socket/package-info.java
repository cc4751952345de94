/// Sockets, pipes and epoll for event loops that make hundreds of thousands of system calls a
/// second: each object belongs to one thread, holds the native memory that its calls need, and
/// allocates nothing afterwards.
///
/// A call returns what the system call of that name does (manual section 2), or the negative error
/// number: for non-blocking sockets failures are everyday answers. Descriptors are plain numbers;
/// who closes them is the caller's care. Linux on x86-64 and aarch64, whose numbers for everything
/// used here are the same (`asm-generic`), but for the layout of `struct epoll_event`.
@NullMarked
package kubeproxy.kernel.socket;

import org.jspecify.annotations.NullMarked;
