package kubeproxy.ipvs.program;

import java.util.List;
import kubeproxy.model.IpAddress;

/// One Service's part of the program. Those of several Services may share addresses; a virtual
/// server on an address of the node may be another Service's, see [VirtualServer#nodePort].
///
/// @param addresses to hold on the interface of the mode, sorted, each once
public record Fragment(
    List<VirtualServer> servers, List<IpAddress> addresses, List<SetEntry> entries) {

  /// Nothing.
  public static final Fragment EMPTY = new Fragment(List.of(), List.of(), List.of());

  public Fragment {
    servers = List.copyOf(servers);
    addresses = List.copyOf(addresses);
    entries = List.copyOf(entries);
  }
}
