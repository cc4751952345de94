package kubeproxy.app;

import java.util.List;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;

/// What the relay of a mode is doing now. Any thread.
interface RelayTraffic {

  /// What it serves, with counters.
  List<RelayPort> ports();

  /// How many places it cannot listen on because another process does.
  int conflicts();

  /// How much of its limits is in use.
  RelayUse use();
}
