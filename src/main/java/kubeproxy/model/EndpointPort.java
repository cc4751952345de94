package kubeproxy.model;

/// One port of an EndpointSlice; joins the Service port of the same name and protocol.
///
/// @param port the target port, 1 to 65535
public record EndpointPort(String name, Protocol protocol, int port) {}
