package kubeproxy.kernel.ipvs;

/// How long connections without packets are remembered, in seconds. Where it is set, 0 leaves one
/// as it is.
///
/// @param tcp of established connections
/// @param tcpFin of connections that are ending
public record Timeouts(int tcp, int tcpFin, int udp) {}
