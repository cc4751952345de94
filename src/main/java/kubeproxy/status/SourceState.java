package kubeproxy.status;

import java.util.OptionalLong;

/// How old what is known of one kind of objects is, where it comes from an API server.
///
/// @param kind as in metrics, for example `endpoint_slice`
/// @param connected whether changes are being heard of
/// @param silentSeconds since the server last proved to be there; empty if it never did
public record SourceState(String kind, boolean connected, OptionalLong silentSeconds) {}
