package kubeproxy.engine;

import kubeproxy.model.IpAddress;

/// A UDP flow that the kernel tracks. Whoever lists flows implements it with a type that also knows
/// what else identifies the flow.
public interface Flow {

  /// Where the client sends to, before translation.
  IpAddress originalDestination();

  /// The port the client sends to, before translation.
  int originalDestinationPort();

  /// Who answers: the backend, or the original destination if nothing was translated.
  IpAddress replySource();

  /// The port that answers.
  int replySourcePort();
}
