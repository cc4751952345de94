/// Signals: what this process does when it is told to end or to read its configuration again.
///
/// SIGTERM and SIGINT are the virtual machine's: it runs what [kubeproxy.kernel.signal.LastWords]
/// registered and exits with 143 or 130, also as the first process of a container, for which the
/// kernel has no default action. SIGHUP would end it likewise; [kubeproxy.kernel.signal.Hangups]
/// takes it.
@NullMarked
package kubeproxy.kernel.signal;

import org.jspecify.annotations.NullMarked;
