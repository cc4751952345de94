/// What the outside can ask the proxy over HTTP: health ([kubeproxy.status.HealthState]) and
/// metrics ([kubeproxy.status.ProxyMetrics]), and the small servers that answer.
///
/// State is written by whoever knows it and read by the threads of the servers; every class says so
/// where it is safe. Nothing here decides anything about packets.
@NullMarked
package kubeproxy.status;

import org.jspecify.annotations.NullMarked;
