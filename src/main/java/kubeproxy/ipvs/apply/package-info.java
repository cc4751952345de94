/// The only part of the `ipvs` mode that sees the kernel: makes virtual servers, addresses and
/// entries of ipsets by netlink, and rules by the tools that the `iptables` mode uses; reads all of
/// it back; looks from time to time whether connections have ended or somebody changed something.
///
/// Unlike a transaction of nftables, changes here are each by themselves: what is half done after a
/// refusal is found by reading back.
@NullMarked
package kubeproxy.ipvs.apply;

import org.jspecify.annotations.NullMarked;
