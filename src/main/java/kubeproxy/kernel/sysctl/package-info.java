/// Settings of the kernel that are files: `/proc/sys` and module parameters in `/sys`. What is
/// right already is not written, so a proxy without the privilege to write can run where someone
/// else prepared the node. What cannot be read or written is a value, never an exception.
///
/// `/proc/sys/net` shows the network namespace of the thread that opens a file in it.
@NullMarked
package kubeproxy.kernel.sysctl;

import org.jspecify.annotations.NullMarked;
