package kubeproxy.kernel.ipvs;

import kubeproxy.model.IpAddress;

/// A real server behind a virtual one. Its address and port tell it from the others there.
///
/// @param address of the family of the virtual server
/// @param port 0 to 65535
/// @param weight its share among the others; 0 for one that gets no new connections
/// @param upperThreshold no new connections beyond so many; 0 for no limit
/// @param lowerThreshold new connections again when there are fewer than so many; 0 for three
///   quarters of the upper one
public record Destination(
    IpAddress address,
    int port,
    int weight,
    Forwarding forwarding,
    int upperThreshold,
    int lowerThreshold) {

  /// A destination whose packets are translated, without thresholds.
  public static Destination masqueraded(IpAddress address, int port, int weight) {
    return new Destination(address, port, weight, Forwarding.MASQUERADE, 0, 0);
  }

  /// This destination with another weight.
  public Destination withWeight(int other) {
    return new Destination(address, port, other, forwarding, upperThreshold, lowerThreshold);
  }

  @Override
  public String toString() {
    return address.withPort(port) + " weight " + weight + " " + forwarding;
  }
}
