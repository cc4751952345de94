package kubeproxy.kernel.ipvs;

/// What the kernel says of itself.
///
/// @param version as `1.2.1`
/// @param connectionTableSize hash buckets for connections
public record IpvsInfo(String version, int connectionTableSize) {}
