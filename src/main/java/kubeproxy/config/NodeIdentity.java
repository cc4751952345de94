package kubeproxy.config;

import java.util.Optional;
import kubeproxy.model.IpAddress;

/// Which Node this is.
///
/// @param nameOverride the Node's name, trimmed and in lower case; empty for the host's name. An
///   empty name, which a file with nothing but blanks gives, is an error at the start
/// @param bindAddress the node's primary address; unspecified to take it from the Node
public record NodeIdentity(Optional<String> nameOverride, IpAddress bindAddress) {}
