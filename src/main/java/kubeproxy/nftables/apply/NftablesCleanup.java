package kubeproxy.nftables.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.nftables.apply.NftablesPort.RefusedOperation;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;

/// Removes the tables `ip kube-proxy` and `ip6 kube-proxy`, ours or upstream's, in the network
/// namespace of the thread that calls; no other table is touched or even looked at.
public final class NftablesCleanup implements ModeCleanup {

  /// A kernel without `nf_tables`, or without it for a family, has no table of it.
  private static final Set<Errno> NO_SUCH_THING =
      Set.of(
          Errno.ENOENT,
          Errno.EPROTONOSUPPORT,
          Errno.EAFNOSUPPORT,
          Errno.EPFNOSUPPORT,
          Errno.EOPNOTSUPP);

  @Override
  public String mode() {
    return "nftables";
  }

  @Override
  public CleanupResult cleanUp() {
    List<String> removed = new ArrayList<>();
    List<CleanupResult.Failure> failures = new ArrayList<>();
    try (NfnetlinkSession session = NetlinkNftables.openSession()) {
      for (IpFamily family : IpFamily.values()) {
        remove(new NetlinkNftables(session, family), family, removed, failures);
      }
    } catch (KernelException e) {
      if (NO_SUCH_THING.stream().noneMatch(e::is)) {
        failures.add(new CleanupResult.Failure("nf_tables", e.toString()));
      }
    } catch (IOException e) {
      failures.add(new CleanupResult.Failure("nf_tables", e.toString()));
    }
    return new CleanupResult(removed, failures);
  }

  /// Removes the table of one family by a transaction of its own, so that it depends on nothing
  /// that is in it.
  static void remove(
      NftablesPort kernel,
      IpFamily family,
      List<String> removed,
      List<CleanupResult.Failure> failures) {
    String table = "table " + (family == IpFamily.IPV4 ? "ip" : "ip6") + " kube-proxy";
    switch (kernel.commit(new Transaction(family, List.of(new Operation.DeleteTable())))) {
      case CommitResult.Committed() -> removed.add(table);
      case CommitResult.Unknown(String reason) ->
          failures.add(new CleanupResult.Failure(table, reason));
      case CommitResult.Refused(List<RefusedOperation> errors) ->
          errors.stream()
              .filter(error ->
                  NO_SUCH_THING.stream().noneMatch(errno -> errno.name().equals(error.error())))
              .map(error -> new CleanupResult.Failure(table, describe(error)))
              .forEach(failures::add);
    }
  }

  private static String describe(RefusedOperation error) {
    return error.detail().isEmpty() ? error.error() : error.error() + ": " + error.detail();
  }
}
