/// What an nftables program of ours is made of, as values: the named sets and maps with their
/// elements, the chains with their rules, and the fragment of it that one Service owns. The text
/// form is the syntax of the `nft` tool.
///
/// The names are those of nftables itself, so that its documentation is ours too. The packet path
/// is in `docs/dataplanes/nftables.md`.
///
/// Pure: nothing here talks to a kernel.
@NullMarked
package kubeproxy.nftables.program;

import org.jspecify.annotations.NullMarked;
