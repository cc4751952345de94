package kubeproxy.kernel.route;

/// A network interface as it was read.
///
/// @param kind what it was made as: `dummy`, `bridge`, ...; empty for hardware and the loopback
/// @param up whether it is set up (`IFF_UP`)
/// @param arp whether it answers ARP (no `IFF_NOARP`)
public record Link(int index, String name, String kind, boolean up, boolean arp) {

  /// [#kind] of an interface that carries nothing.
  public static final String DUMMY = "dummy";
}
