package kubeproxy.kernel.ipvs;

import kubeproxy.model.IpAddress;

/// One change of the kernel's table. Errors that say something about the table are named; any
/// change can be refused with others.
public sealed interface IpvsChange {

  /// `EEXIST` if there is one of this address, `ENOENT` if the kernel has no such scheduler.
  record AddServer(VirtualServer server) implements IpvsChange {}

  /// Scheduler, flags, timeout and prefix are replaced; destinations and connections stay. `ESRCH`
  /// if there is none of this address, `ENOENT` if the kernel has no such scheduler.
  record EditServer(VirtualServer server) implements IpvsChange {}

  /// With all its destinations. `ESRCH` if there is none.
  record DeleteServer(ServerAddress server) implements IpvsChange {}

  /// `EEXIST` if it has one of this address and port, `ESRCH` if there is no such server.
  record AddDestination(ServerAddress server, Destination destination) implements IpvsChange {}

  /// Weight, forwarding and thresholds are replaced. `ENOENT` if it has none of this address and
  /// port, `ESRCH` if there is no such server.
  record EditDestination(ServerAddress server, Destination destination) implements IpvsChange {}

  /// `ENOENT` if it has none of this address and port, `ESRCH` if there is no such server.
  record DeleteDestination(ServerAddress server, IpAddress address, int port)
      implements IpvsChange {}
}
