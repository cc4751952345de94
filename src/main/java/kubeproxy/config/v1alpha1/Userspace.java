package kubeproxy.config.v1alpha1;

import java.time.Duration;

/// The fields of the userspace mode, both of older releases.
///
/// @param portRange host ports for the sockets of Services; empty for any
/// @param udpIdleTimeout how long an idle UDP flow is remembered
public record Userspace(String portRange, Duration udpIdleTimeout) {

  /// What counts where nothing is said.
  public static final Userspace DEFAULT = new Userspace("", Duration.ofMillis(250));
}
