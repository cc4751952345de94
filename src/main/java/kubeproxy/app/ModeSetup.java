package kubeproxy.app;

/// What a mode needs set up by someone privileged, besides connection tracking.
sealed interface ModeSetup {

  /// Nothing.
  record Nothing() implements ModeSetup {}

  /// What the `iptables` mode needs.
  ///
  /// @param localhostNodePorts whether node ports are to answer on 127.0.0.1, which the kernel
  ///   otherwise does not route
  record Iptables(boolean localhostNodePorts) implements ModeSetup {}

  /// What the `ipvs` mode needs.
  ///
  /// @param strictArp `--ipvs-strict-arp`
  record Ipvs(boolean strictArp) implements ModeSetup {}
}
