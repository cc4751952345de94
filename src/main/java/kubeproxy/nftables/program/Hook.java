package kubeproxy.nftables.program;

/// Where a base chain is attached.
///
/// @param type `filter` or `nat`
/// @param number `enum nf_inet_hooks` in `linux/netfilter.h`
/// @param name as the `nft` tool writes it
/// @param priority lower runs earlier; translation of destinations is at -100, of sources at 100
public record Hook(String type, int number, String name, int priority) {}
