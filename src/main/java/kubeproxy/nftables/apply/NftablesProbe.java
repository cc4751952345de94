package kubeproxy.nftables.apply;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.model.PersistentMap;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;

/// Finds out whether the kernel takes what this mode writes: has it check, without carrying it out,
/// the table of a node without Services. Changes nothing and raises no notification.
public final class NftablesProbe {
  private static final int ANY_MARK = 1 << 14;

  private NftablesProbe() {}

  /// Why the mode cannot be used for a family in the network namespace of the calling thread, for
  /// people; empty if it can.
  public static Optional<String> obstacle(IpFamily family) {
    try (NfnetlinkSession session = NetlinkNftables.openSession()) {
      return obstacle(new NetlinkNftables(session, family), family);
    } catch (KernelException e) {
      return Optional.of(explain(Errno.nameOf(e.errno()), e.toString()));
    } catch (TableReader.UnreadableException e) {
      String reason = String.valueOf(e.getMessage());
      return Optional.of(explain(reason.contains("EPERM") ? "EPERM" : "", reason));
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private static Optional<String> obstacle(NetlinkNftables kernel, IpFamily family)
      throws IOException {
    if (kernel.observe().exists()) {
      // Someone could install it, so can we; a second one of the same name could not be checked.
      return Optional.empty();
    }
    NodeSettings settings =
        new NodeSettings(
            false, new LocalSource.Unknown(), new NodePortAddresses.AllLocal(), List.of());
    NodePlan plan = new NodePlan(family, settings, PersistentMap.empty(), PersistentMap.empty());
    try (var dataplane = new NftablesDataplane(new CheckingPort(kernel), family, ANY_MARK)) {
      SyncRequest request = new SyncRequest(plan, PlanDelta.NONE, true, Set.of());
      return switch (dataplane.sync(request)) {
        case SyncOutcome.Applied _ -> Optional.empty();
        case SyncOutcome.Indeterminate(String reason) -> Optional.of(reason);
        case SyncOutcome.Rejected(List<Refusal> refusals) -> {
          Refusal first = refusals.getFirst();
          yield Optional.of(explain(first.error(), first.operation() + ": " + first.error()));
        }
      };
    }
  }

  private static String explain(String errno, String otherwise) {
    return switch (errno) {
      case "EPERM", "EACCES" -> "no permission to program nf_tables: CAP_NET_ADMIN is needed";
      case "EPROTONOSUPPORT" ->
          "the kernel has no netfilter netlink (module nfnetlink, CONFIG_NETFILTER_NETLINK)";
      case "EOPNOTSUPP", "EAFNOSUPPORT" ->
          "the kernel has no nf_tables for this family (module nf_tables, CONFIG_NF_TABLES): "
              + otherwise;
      default -> "the kernel refuses what kube-proxy writes, 5.13 or newer is needed: " + otherwise;
    };
  }

  /// A kernel without a table of ours that only checks.
  private record CheckingPort(NetlinkNftables kernel) implements NftablesPort {

    @Override
    public Observed observe() {
      return Observed.NOTHING;
    }

    @Override
    public CommitResult commit(Transaction transaction) {
      return kernel.check(transaction);
    }

    @Override
    public List<Element> learned(NamedSet set) {
      return List.of();
    }

    @Override
    public void forget(List<Element> elements) {}

    @Override
    public void close() {}
  }
}
