package kubeproxy.kernel.route;

import kubeproxy.model.IpAddress;

/// An address of an interface.
///
/// @param link index of the interface
public record LinkAddress(int link, IpAddress address) {}
