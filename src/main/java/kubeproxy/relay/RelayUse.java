package kubeproxy.relay;

/// How much of [RelayLimits] is in use.
///
/// @param connections open connections
/// @param udpFlows remembered UDP flows
/// @param pipeBytes bytes of all pipes, spare ones included
public record RelayUse(int connections, int udpFlows, long pipeBytes) {}
