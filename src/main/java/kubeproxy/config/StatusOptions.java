package kubeproxy.config;

import java.util.Optional;

/// Where the servers for health and metrics listen; an empty one is off.
public record StatusOptions(Optional<ListenAddress> healthz, Optional<ListenAddress> metrics) {}
