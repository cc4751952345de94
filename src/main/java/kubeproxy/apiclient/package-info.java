/// How this node talks to its API server: where it is, who we are, and HTTP requests to it.
///
/// [kubeproxy.apiclient.ApiClients] reads a kubeconfig, `--master` or what a Pod is given, and
/// makes an [kubeproxy.apiclient.ApiTransport] of it. Credentials and certificates are read again
/// while the process runs; whoever sends requests sees nothing of that. Every mistake in a file is
/// a [kubeproxy.apiclient.ClientConfigException] that names file and field.
///
/// Not here: what the requests are about, lists, watches, retries and decoding.
///
/// Any thread may send requests. Secrets never get into a log line or the message of an exception:
/// what holds one prints itself without it.
@NullMarked
package kubeproxy.apiclient;

import org.jspecify.annotations.NullMarked;
