package kubeproxy.ipvs.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.CleanupResult.Failure;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.ipvs.diff.IpvsFootprint;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.ipset.IpSets;
import kubeproxy.kernel.ipset.KernelSet;
import kubeproxy.kernel.ipset.SetChange;
import kubeproxy.kernel.ipset.SetError;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.route.Link;
import kubeproxy.kernel.route.Links;
import kubeproxy.model.IpFamily;

/// Removes what this mode leaves, ours or upstream's, in the network namespace of the thread that
/// calls: chains that no other mode has, virtual servers, the interface with the addresses, ipsets
/// of both families. Virtual servers of others stay, see [Ownership].
public final class IpvsCleanup implements ModeCleanup {
  private final Programs programs;
  private final Ownership ownership;
  private final boolean servers;
  private final List<String> removed = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  /// @param servers whether virtual servers and the interface that holds their addresses are
  ///     removed too; if not, the sets stay that tell whose they are
  public IpvsCleanup(Programs programs, Ownership ownership, boolean servers) {
    this.programs = programs;
    this.ownership = ownership;
    this.servers = servers;
  }

  @Override
  public String mode() {
    return "ipvs";
  }

  @Override
  public CleanupResult cleanUp() throws InterruptedException {
    removed.clear();
    failures.clear();
    CleanupResult rules =
        new IptablesCleanup(programs, IpvsFootprint.all().butNotOf(Footprint.IPTABLES)).cleanUp();
    removed.addAll(rules.removed());
    failures.addAll(rules.failures());
    if (servers) {
      attempt("virtual servers", this::removeServers);
      attempt("interface " + KernelIpvs.LINK, this::removeLink);
    }
    attempt("ipsets", this::removeSets);
    return new CleanupResult(removed, failures);
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(String what, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      failures.add(new Failure(what, String.valueOf(e.getMessage())));
    }
  }

  private void removeServers() throws IOException {
    Optional<IpvsTable> table = IpvsTable.open();
    if (table.isEmpty()) {
      return;
    }
    table.get().close();
    int count = 0;
    for (IpFamily family : IpFamily.values()) {
      try (KernelIpvs kernel = KernelIpvs.open(family)) {
        Observed observed = kernel.observe();
        List<Operation> removals =
            observed.servers().values().stream()
                .filter(server -> ownership.isProxys(server, observed))
                .map(Observed.Server::key)
                .sorted()
                .<Operation>map(Operation.RemoveServer::new)
                .toList();
        List<IpvsPort.Result> results = kernel.apply(removals);
        for (int i = 0; i < results.size(); i++) {
          if (results.get(i) instanceof IpvsPort.Result.Done) {
            count++;
          } else {
            failures.add(
                new Failure("virtual server " + key(removals.get(i)), results.get(i).toString()));
          }
        }
      }
    }
    if (count > 0) {
      removed.add(count + " virtual servers");
    }
  }

  private static String key(Operation removal) {
    return removal instanceof Operation.RemoveServer(ServerKey key)
        ? key.toString()
        : removal.toString();
  }

  private void removeLink() throws IOException {
    Optional<Link> link = Links.get(KernelIpvs.LINK);
    if (link.isEmpty()) {
      return;
    }
    if (!link.get().kind().equals(Link.DUMMY)) {
      throw new IOException("it is of kind '" + link.get().kind() + "', not dummy");
    }
    Optional<NetlinkError> refusal = Links.delete(KernelIpvs.LINK);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get().toString());
    }
    removed.add("interface " + KernelIpvs.LINK);
  }

  private void removeSets() throws IOException {
    Set<String> ours =
        Stream.of(IpFamily.values())
            .flatMap(family ->
                Stream.of(IpSet.values())
                    .filter(set -> servers || !Ownership.EVIDENCE.contains(set))
                    .map(set -> set.label(family)))
            .collect(Collectors.toSet());
    try (IpSets sets = IpSets.open()) {
      if (sets.protocols().isEmpty()) {
        return;
      }
      List<String> names =
          sets.list().stream().map(KernelSet::name).filter(ours::contains).sorted().toList();
      List<Answer> answers = sets.apply(names.stream().map(SetChange.Destroy::new).toList());
      int count = 0;
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i) instanceof Answer.Refused(NetlinkError error)) {
          failures.add(new Failure("ipset " + names.get(i), SetError.describe(error)));
        } else {
          count++;
        }
      }
      if (count > 0) {
        removed.add(count + " ipsets");
      }
    }
  }
}
