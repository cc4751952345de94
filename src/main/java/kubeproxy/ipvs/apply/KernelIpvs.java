package kubeproxy.ipvs.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.dataplane.OpenParts;
import kubeproxy.ipvs.apply.ChangeWriter.Part;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.kernel.ipset.IpSets;
import kubeproxy.kernel.ipset.KernelSet;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.route.Link;
import kubeproxy.kernel.route.LinkAddress;
import kubeproxy.kernel.route.LinkAddresses;
import kubeproxy.kernel.route.Links;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;

/// The kernel of the network namespace of the thread that opened it, by sockets of its own; to be
/// used by threads of that namespace.
public final class KernelIpvs implements IpvsPort {
  /// The interface that holds the addresses of Services; upstream's name.
  public static final String LINK = "kube-ipvs0";

  private static final int NO_LINK = -1;

  private final IpFamily family;
  private final OpenParts open = new OpenParts();
  private final IpvsTable table;
  private final IpSets sets;
  private final LinkAddresses addresses;
  private int link = NO_LINK;

  private KernelIpvs(IpFamily family, IpvsTable table) throws IOException {
    this.family = family;
    this.table = open.add(table);
    try {
      sets = open.add(IpSets.open());
      addresses = open.add(LinkAddresses.open());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// Opens it.
  ///
  /// @throws IOException if the kernel has no virtual servers, or lends no rights
  public static KernelIpvs open(IpFamily family) throws IOException {
    Optional<IpvsTable> table = IpvsTable.open();
    if (table.isEmpty()) {
      throw new IOException("the kernel has no IPVS (module ip_vs, CONFIG_IP_VS)");
    }
    return new KernelIpvs(family, table.get());
  }

  @Override
  public Observed observe() throws IOException {
    Optional<Link> found = Links.get(LINK);
    link = found.map(Link::index).orElse(NO_LINK);
    Set<IpAddress> bound = new HashSet<>();
    Set<IpAddress> own = new TreeSet<>();
    for (LinkAddress each : addresses.list()) {
      if (each.address().family() == family) {
        (each.link() == link ? bound : own).add(each.address());
      }
    }
    bound.removeIf(KernelIpvs::isOfLink);
    Set<IpSet> known = new HashSet<>();
    Set<SetEntry> entries = new HashSet<>();
    readSets(known, entries);
    Map<ServerKey, Observed.Server> servers = new HashMap<>();
    for (var server : table.servers()) {
      if (server.address().address().family() == family) {
        ServerKey key = Translation.key(server.address());
        servers.put(
            key, new Observed.Server(key, Translation.scheduling(server), realServers(key)));
      }
    }
    return new Observed(found.isPresent(), bound, List.copyOf(own), known, entries, servers);
  }

  /// The address that the kernel itself gives an IPv6 interface.
  private static boolean isOfLink(IpAddress address) {
    return address.family() == IpFamily.IPV6 && address.isLinkLocal();
  }

  private void readSets(Set<IpSet> known, Set<SetEntry> entries) throws IOException {
    Map<String, KernelSet> byName = new HashMap<>();
    sets.list().forEach(set -> byName.put(set.name(), set));
    for (IpSet set : IpSet.values()) {
      KernelSet there = byName.get(set.label(family));
      if (there != null && Translation.fits(there.shape(), set, family)) {
        known.add(set);
        for (var entry : there.entries()) {
          Translation.element(entry).ifPresent(each -> entries.add(new SetEntry(set, each)));
        }
      }
    }
  }

  @Override
  public List<Observed.RealServer> realServers(ServerKey key) throws IOException {
    return table.destinations(Translation.address(key)).stream()
        .map(Translation::realServer)
        .toList();
  }

  @Override
  public List<Result> apply(List<Operation> operations) throws IOException {
    if (link == NO_LINK) {
      link = Links.get(LINK).map(Link::index).orElse(NO_LINK);
    }
    List<Result> results = new ArrayList<>(operations.size());
    int from = 0;
    while (from < operations.size()) {
      Part part = ChangeWriter.part(operations.get(from));
      int to = from;
      while (to < operations.size() && ChangeWriter.part(operations.get(to)) == part) {
        to++;
      }
      results.addAll(apply(part, operations.subList(from, to)));
      from = to;
    }
    return results;
  }

  /// Applies changes that are all for the same part of the kernel.
  private List<Result> apply(Part part, List<Operation> operations) throws IOException {
    List<Answer> answers =
        switch (part) {
          case LINK -> {
            List<Answer> made = new ArrayList<>();
            for (Operation _ : operations) {
              made.add(
                  Links.addDummy(LINK)
                      .<Answer>map(Answer.Refused::new)
                      .orElseGet(Answer.Complete::new));
            }
            link = Links.get(LINK).map(Link::index).orElse(NO_LINK);
            yield made;
          }
          case SETS ->
              sets.apply(operations.stream().map(each -> ChangeWriter.set(each, family)).toList());
          case SERVERS -> table.apply(operations.stream().map(ChangeWriter::server).toList());
          case ADDRESSES -> {
            int index = link;
            yield addresses.apply(
                operations.stream().map(each -> ChangeWriter.address(each, index)).toList());
          }
        };
    List<Result> results = new ArrayList<>(answers.size());
    for (int i = 0; i < answers.size(); i++) {
      results.add(ChangeWriter.result(operations.get(i), answers.get(i)));
    }
    return results;
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
