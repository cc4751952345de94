package kubeproxy.kernel.ipvs;

/// A virtual server without its destinations.
///
/// @param scheduler the name by which the kernel knows it, as `rr`
/// @param flags [#PERSISTENT] and the like, or 0. That the kernel has it in its table
///   (`IP_VS_SVC_F_HASHED`) is never among them.
/// @param timeout how long a client keeps its destination after its last connection, in seconds;
///   the kernel keeps the number, but does not use it, without [#PERSISTENT]
/// @param clientPrefix clients whose addresses agree in so many leading bits count as one: 32 or
///   128 for one each. At least 1 in IPv6.
public record VirtualServer(
    ServerAddress address, String scheduler, int flags, int timeout, int clientPrefix) {

  /// A client keeps its destination (`IP_VS_SVC_F_PERSISTENT`).
  public static final int PERSISTENT = 0x1;

  /// Each packet is scheduled by itself, UDP only (`IP_VS_SVC_F_ONEPACKET`).
  public static final int ONE_PACKET = 0x4;

  /// Schedulers `sh` and `mh`: another destination if the chosen one is unavailable
  /// (`IP_VS_SVC_F_SCHED1`).
  public static final int HASH_FALLBACK = 0x8;

  /// Schedulers `sh` and `mh`: the client's port counts as well (`IP_VS_SVC_F_SCHED2`).
  public static final int HASH_PORT = 0x10;

  /// A server whose clients have no memory.
  public static VirtualServer of(ServerAddress address, String scheduler, int flags) {
    return new VirtualServer(address, scheduler, flags, 0, address.address().family().bits());
  }

  /// This server, with each client kept at its destination for `seconds` after its last connection.
  public VirtualServer persistent(int seconds) {
    return new VirtualServer(address, scheduler, flags | PERSISTENT, seconds, clientPrefix);
  }

  @Override
  public String toString() {
    String text = address + " " + scheduler + " flags 0x" + Integer.toHexString(flags);
    return text + " timeout " + timeout + " prefix " + clientPrefix;
  }
}
