package kubeproxy.kernel.route;

import kubeproxy.model.IpAddress;

/// One change of the addresses of an interface. `ENODEV` if there is no such interface.
public sealed interface AddressChange {

  /// Adds the single address, without a network behind it. `EEXIST` if the interface has it.
  record Add(int link, IpAddress address) implements AddressChange {}

  /// Removes the single address. `EADDRNOTAVAIL` if the interface does not have it.
  record Delete(int link, IpAddress address) implements AddressChange {}
}
