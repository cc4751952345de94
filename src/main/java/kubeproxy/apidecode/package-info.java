/// Decoding of what a Kubernetes API server answers (lists, watch streams and `Status`), in JSON
/// and in protobuf, straight into the records of `kubeproxy.model`.
///
/// Both encodings come to the same tokens, from which `kubeproxy.decode` makes the records, so
/// equal objects are equal records whatever they came in. [kubeproxy.apidecode.ApiDecoder] is the
/// way in.
///
/// Two kinds of trouble: one object that is not what the API says it is becomes a
/// [kubeproxy.apidecode.MalformedItem], and the rest goes on; a body in which it cannot be told
/// where an object ends is a [kubeproxy.apidecode.MalformedBody].
///
/// Knows nothing of HTTP, of retries or of what is done about either trouble. Nothing here waits
/// for anything but the stream it reads, and everything but [kubeproxy.apidecode.ApiInterner]
/// belongs to one thread at a time.
@NullMarked
package kubeproxy.apidecode;

import org.jspecify.annotations.NullMarked;
