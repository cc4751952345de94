package kubeproxy.nftables.program;

/// What an element of a map leads to.
public sealed interface ElementValue {

  /// The packet is dropped.
  record Drop() implements ElementValue {}

  /// Evaluation goes on in a chain and does not come back.
  ///
  /// @param chain name of a regular chain of the table
  record Goto(String chain) implements ElementValue {}

  /// An endpoint's address and port, padded.
  record Data(Key bytes) implements ElementValue {}

  /// A verdict that we never install; only ever observed.
  ///
  /// @param code the verdict's number (`enum nft_verdicts` in `linux/netfilter/nf_tables.h`)
  record OtherVerdict(int code, String chain) implements ElementValue {}
}
