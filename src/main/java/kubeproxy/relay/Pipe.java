package kubeproxy.relay;

/// The two descriptors of a pipe.
record Pipe(int readEnd, int writeEnd) {}
