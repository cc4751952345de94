package kubeproxy.model;

/// One port of a Service.
///
/// @param name port name; empty for the single unnamed port
/// @param port 1 to 65535
/// @param nodePort 1 to 65535, or 0 when there is none
public record ServicePort(String name, Protocol protocol, int port, int nodePort) {}
