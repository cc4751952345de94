/// Log lines for operators, in the text format of Kubernetes' klog, behind one interface:
/// [kubeproxy.logging.Logger].
///
/// Nothing is buffered and there is no thread: a line is written, whole and at once, by the thread
/// that logs it. Output, clock and process id are given from outside.
@NullMarked
package kubeproxy.logging;

import org.jspecify.annotations.NullMarked;
