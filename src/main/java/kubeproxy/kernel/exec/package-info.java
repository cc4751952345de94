/// Programs of the host: run one, give it input, take what it prints, within a time. The only
/// package that starts processes. A program that fails is a value, never an exception.
///
/// Any thread may run programs; the call blocks until the program has ended.
@NullMarked
package kubeproxy.kernel.exec;

import org.jspecify.annotations.NullMarked;
