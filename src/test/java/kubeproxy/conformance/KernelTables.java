package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesCleanup;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.testing.net.NetworkNamespace;

/// Our tables in the kernel of a node, seen by sockets of their own.
final class KernelTables {

  private KernelTables() {}

  /// What a family's table holds, but for what packets put into it.
  static Observed observe(NetworkNamespace node, IpFamily family) throws Exception {
    return onKernel(node, family, NetlinkNftables::observe);
  }

  /// What packets put into a set.
  static List<Element> learned(NetworkNamespace node, IpFamily family, NamedSet set)
      throws Exception {
    return onKernel(node, family, kernel -> kernel.learned(set));
  }

  /// Removes both families' tables as `--cleanup` does.
  static void remove(NetworkNamespace node) throws Exception {
    CleanupResult result = node.run(new NftablesCleanup()::cleanUp);
    assertThat(result.failures()).isEmpty();
  }

  /// Something done with the kernel.
  private interface Work<T> {
    T with(NetlinkNftables kernel) throws Exception;
  }

  private static <T> T onKernel(NetworkNamespace node, IpFamily family, Work<T> work)
      throws Exception {
    return node.run(() -> {
      try (var session = NetlinkNftables.openSession();
          var kernel = new NetlinkNftables(session, family)) {
        return work.with(kernel);
      }
    });
  }
}
