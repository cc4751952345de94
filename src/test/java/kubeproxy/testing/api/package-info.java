/// A Kubernetes API server for tests, on loopback: it answers byte for byte what was recorded from
/// a real one, or serves an in-memory store with lists and watches, and breaks in every way that a
/// test asks for. The HTTP is written by hand, so that a fault comes at an exact byte.
///
/// Not an API server: no validation, no admission, no writes but events.
@NullMarked
package kubeproxy.testing.api;

import org.jspecify.annotations.NullMarked;
