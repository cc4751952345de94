package kubeproxy.relay;

import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;

/// The calls that connections of one loop make.
record LoopTools(Sockets sockets, Streams streams, Pipes pipes) {}
