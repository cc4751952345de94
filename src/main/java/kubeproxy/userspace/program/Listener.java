package kubeproxy.userspace.program;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.FrontendKind;
import org.jspecify.annotations.Nullable;

/// Somewhere that connections are taken.
public sealed interface Listener {

  /// On an address of the node and a port that is chosen when it opens. Rules lead packets there;
  /// clients do not know of it.
  ///
  /// @param pool where its connections go
  record Portal(PoolName pool) implements Listener {}

  /// Where clients send to.
  ///
  /// @param address null for every address of the node
  /// @param kind what clients believe to talk to
  /// @param allowedSources who may connect; empty means everybody
  record Direct(
      @Nullable IpAddress address,
      int port,
      Protocol protocol,
      FrontendKind kind,
      List<IpPrefix> allowedSources)
      implements Listener {

    public Direct {
      allowedSources = List.copyOf(allowedSources);
    }

    @Override
    public String toString() {
      return (address == null ? "*:" + port : address.withPort(port)) + "/" + protocol;
    }
  }
}
