package kubeproxy.relay;

import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;

/// The calls that connections of one loop make.
///
/// @param messages how those of SCTP are taken along
record LoopTools(Sockets sockets, Streams streams, Pipes pipes, SctpMessages messages) {}
