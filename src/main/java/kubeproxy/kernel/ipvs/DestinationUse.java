package kubeproxy.kernel.ipvs;

/// A destination as it was read, and how much it is used.
///
/// @param active connections that are established
/// @param inactive connections in any other state, those that are ending included
/// @param persistent clients that are kept at it
public record DestinationUse(Destination destination, int active, int inactive, int persistent) {}
