package kubeproxy.kernel.conntrack;

import kubeproxy.model.IpAddress;

/// A UDP flow of the connection tracking table.
///
/// @param original the packets of the one who began, as they came
/// @param reply the answers, as they come: their source is who really answers
/// @param status `IPS_…` flags (`linux/netfilter/nf_conntrack_common.h`)
/// @param zone the conntrack zone of the packets as they came, 0 for the usual one
/// @param id the kernel's number of the entry, which tells it from a later one of the same tuple,
///   or 0 for one whose number is not known
public record Flow(Tuple original, Tuple reply, int status, int zone, int id) {

  /// Sender and receiver of packets.
  ///
  /// @param sourcePort 0 to 65535
  /// @param destinationPort 0 to 65535
  public record Tuple(
      IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {

    @Override
    public String toString() {
      return source.withPort(sourcePort) + " -> " + destination.withPort(destinationPort);
    }
  }
}
