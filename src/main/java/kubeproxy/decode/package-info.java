/// Decoding of Kubernetes objects from JSON and YAML text, straight into the records of
/// `kubeproxy.model`, one token at a time: no tree of the input is ever built.
///
/// [kubeproxy.decode.TokenReader] is the seam: one adapter per text format below it, the
/// decoders of the kinds, written once, above it. [kubeproxy.decode.DocumentDecoder]
/// reads whole streams of documents and lists, [kubeproxy.decode.ObjectDecoder] one
/// object of a kind that is known beforehand.
///
/// Two kinds of trouble: text that is not what the Kubernetes API prints (syntax, wrong types,
/// unknown protocol) ends the stream with [kubeproxy.decode.MalformedInput]; a
/// well-formed object with something in it that cannot be carried out (a text that is no address)
/// is decoded without it and carries a [kubeproxy.model.Problem].
///
/// Knows nothing of files, threads or clocks. Everything here belongs to one thread at a time.
@NullMarked
package kubeproxy.decode;

import org.jspecify.annotations.NullMarked;
