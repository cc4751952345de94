/// Services, endpoints and nodes from manifest files instead of an API server: reads a file or the
/// files of a folder, follows their changes and hands on what changed.
///
/// [kubeproxy.manifests.ManifestSource] is the entry point; its own thread does all the work.
/// Decoding is in `kubeproxy.decode`. Nothing here knows what becomes of the objects.
///
/// The rule above all others: what was good stays in force until something better is known to be
/// whole. A broken file, an unreadable one, a vanished folder change nothing but are reported.
@NullMarked
package kubeproxy.manifests;

import org.jspecify.annotations.NullMarked;
