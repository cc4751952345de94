package kubeproxy.kernel.nfnetlink;

import java.util.List;
import kubeproxy.kernel.netlink.NetlinkError;

/// How the commit of a batch ended.
public sealed interface CommitOutcome {

  /// Every message was carried out.
  record Committed() implements CommitOutcome {}

  /// None was; the kernel holds what it held before.
  ///
  /// @param errors at least one, in the order of the messages. The kernel goes on after a refused
  ///   message, so these are all there are, up to [NfnetlinkSession#ERROR_LIMIT] and the size of
  ///   the receive queue; one refused message may be the reason of the next. Where the batch itself
  ///   was refused (no privilege, another generation, no memory) the sequence number is that of its
  ///   opening message.
  record Refused(List<NetlinkError> errors) implements CommitOutcome {
    public Refused {
      errors = List.copyOf(errors);
    }
  }

  /// The kernel's answer did not arrive: all was carried out or none of it.
  ///
  /// @param reason for people
  record Unknown(String reason) implements CommitOutcome {}
}
