package kubeproxy.relay;

/// What a relay may use. Nobody who connects has to prove who they are, so whatever a client can
/// make us hold has a limit.
///
/// @param threads event loops
/// @param connections open connections (TCP and SCTP), each of which takes two descriptors. At the
///     limit, waiting clients stay in the queue of their listener until another connection ends.
///     The process's own limit of descriptors may come first: then new connections are accepted and
///     reset, so that clients hear of it
/// @param pipeBytes bytes of all pipes, in which the kernel keeps what one side sent and the other
///     has not taken. At the limit, connections without a pipe leave such bytes with the sender:
///     they cost more time, and go on
/// @param udpFlows client addresses and ports with a backend socket, of all Service ports. At the
///     limit, a new one takes the place of the one that was silent longest in the same thread
/// @param affinityClients client addresses that stick to a backend, of each Service port. At the
///     limit, a new one takes the place of the one that was silent longest
public record RelayLimits(
    int threads, int connections, long pipeBytes, int udpFlows, int affinityClients) {

  /// For a node: as many threads as can be of use beside the Pods, and memory of the order of what
  /// the proxy uses anyway.
  public static final RelayLimits DEFAULT = new RelayLimits(2, 250_000, 64L << 20, 32_768, 65_536);

  public RelayLimits {
    if (threads < 1 || connections < 1 || pipeBytes < 0 || udpFlows < 1 || affinityClients < 1) {
      throw new IllegalArgumentException("a limit below what can work");
    }
  }
}
