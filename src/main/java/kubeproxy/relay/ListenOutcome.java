package kubeproxy.relay;

import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// What became of a wish to listen. All but the first leave nothing behind; the caller may try
/// again later.
public sealed interface ListenOutcome {

  /// Clients can connect.
  record Listening(RelayListener listener) implements ListenOutcome {}

  /// Somebody has the port already, perhaps another listener of this relay (`EADDRINUSE`).
  record Conflict(IpAddress address, int port) implements ListenOutcome {}

  /// Every port of the range is taken.
  record RangeExhausted(PortChoice.FromRange range) implements ListenOutcome {}

  /// The kernel has no such protocol or family (`EPROTONOSUPPORT` and the like), so that trying
  /// again is of no use before something about the node changes.
  record Unsupported(Protocol protocol, String reason) implements ListenOutcome {}

  /// Anything else, such as an address that this node does not have (`EADDRNOTAVAIL`), a port that
  /// needs a privilege (`EACCES`), or no descriptors left (`EMFILE`).
  ///
  /// @param reason the call and its error, for people
  record Failed(String reason) implements ListenOutcome {}
}
