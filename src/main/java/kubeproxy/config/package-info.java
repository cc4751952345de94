/// The command line and what it means: [kubeproxy.config.CommandLine] turns arguments into
/// [kubeproxy.config.ProxyOptions], a help text or an error, all of them values.
///
/// One table, [kubeproxy.config.ProxyFlags], holds every flag with its type, default, help and
/// history; parser, help text and tests are driven by it. Syntax and error wording are those of the
/// flag library that Kubernetes components use, so scripts that check them keep working.
///
/// Pure: nothing here reads a file, the environment or the host's name.
@NullMarked
package kubeproxy.config;

import org.jspecify.annotations.NullMarked;
