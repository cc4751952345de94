package kubeproxy.ipvs.diff;

import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;

/// One change of the kernel. They are listed in the order in which they are made: what rules decide
/// by before what they decide about, an address last, since packets arrive from then on; and what
/// goes the other way round.
public sealed interface Operation {

  /// Makes the interface that holds addresses.
  record MakeLink() implements Operation {}

  /// Makes an empty set.
  record MakeSet(IpSet set) implements Operation {}

  /// Puts an entry into a set.
  record AddEntry(SetEntry entry) implements Operation {}

  /// Makes a virtual server without real ones.
  record AddServer(ServerKey key, Scheduling scheduling) implements Operation {}

  /// Makes a virtual server choose in another way; its real servers stay.
  record EditServer(ServerKey key, Scheduling scheduling) implements Operation {}

  /// Adds a real server with the usual weight.
  record AddBackend(ServerKey key, Backend backend) implements Operation {}

  /// Gives a real server the usual weight again.
  record Revive(ServerKey key, Backend backend) implements Operation {}

  /// Puts an address on the interface.
  record AddAddress(IpAddress address) implements Operation {}

  /// Takes an address from the interface.
  record RemoveAddress(IpAddress address) implements Operation {}

  /// Takes a real server's weight, so that only the connections that it has go on.
  record Drain(ServerKey key, Backend backend) implements Operation {}

  /// Removes a real server.
  record RemoveBackend(ServerKey key, Backend backend) implements Operation {}

  /// Removes a virtual server and all its real ones.
  record RemoveServer(ServerKey key) implements Operation {}

  /// Takes an entry from a set.
  record RemoveEntry(SetEntry entry) implements Operation {}
}
