/// Log lines for operators, in the formats of Kubernetes' klog and with its options, behind one
/// interface, [kubeproxy.logging.Logger], which all others use. [kubeproxy.logging.Logging] makes
/// one; only the start of the process knows it.
///
/// A line is made and written, whole, by the thread that logs it; nobody waits for a queue. Errors
/// are never kept in a buffer, and nothing here throws: a full disk or a broken pipe costs lines,
/// not packets. Output, clock and process id are given from outside; the names of host and user,
/// which are part of those of log files, are read here.
@NullMarked
package kubeproxy.logging;

import org.jspecify.annotations.NullMarked;
