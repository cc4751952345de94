package kubeproxy.kernel.sysctl;

import java.time.Duration;
import java.util.OptionalInt;

/// What connection tracking is to be set to.
///
/// @param max the most flows, at least 1; empty leaves it and the hash table as they are
/// @param tcpEstablished how long an established connection may be silent
/// @param tcpCloseWait how long a half-closed connection may be silent
/// @param tcpBeLiberal whether packets out of a TCP window are no longer called invalid; false
///   leaves it as it is
/// @param udp how long a flow without an answer may be silent
/// @param udpStream how long a flow with answers may be silent. Of every time the whole seconds
///   count, and zero leaves it as it is
public record ConntrackSettings(
    OptionalInt max,
    Duration tcpEstablished,
    Duration tcpCloseWait,
    boolean tcpBeLiberal,
    Duration udp,
    Duration udpStream) {}
