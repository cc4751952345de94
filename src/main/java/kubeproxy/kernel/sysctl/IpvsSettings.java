package kubeproxy.kernel.sysctl;

/// What the kernel's virtual servers need, as upstream sets it.
///
/// @param strictArp whether addresses of Services are not answered for by ARP:
///   `--ipvs-strict-arp`; false leaves it as it is
public record IpvsSettings(boolean strictArp) {}
