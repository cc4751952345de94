package kubeproxy.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kubeproxy.ipvs.apply.IpvsPort;
import kubeproxy.ipvs.diff.Differ;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;

/// Virtual servers, ipsets and an interface of one family, as the kernel changes them: each change
/// by itself, and none of a thing that is not there.
public final class FakeIpvs implements IpvsPort {
  private final Map<ServerKey, Server> servers = new TreeMap<>();
  private final Map<IpSet, Set<SetEntry>> sets = new EnumMap<>(IpSet.class);
  private final Set<IpAddress> bound = new TreeSet<>();
  private final Set<IpAddress> own = new TreeSet<>();
  private final List<Operation> log = new ArrayList<>();
  private boolean link;
  private Predicate<Operation> refused = _ -> false;
  private Supplier<Fault> faults = () -> Fault.NONE;
  private boolean unreadable;
  private int observations;

  /// What may go wrong with a call.
  public enum Fault {
    NONE,
    /// Nothing is done, and it is not known.
    BEFORE,
    /// All is done, and it is not known.
    AFTER,
    /// Half is done, and it is not known.
    HALFWAY
  }

  /// A virtual server.
  public static final class Server {
    private Scheduling scheduling;
    private final Map<Backend, Real> reals = new TreeMap<>();

    private Server(Scheduling scheduling) {
      this.scheduling = scheduling;
    }
  }

  private record Real(int weight, boolean masqueraded, int connections) {}

  /// Addresses that the node has on other interfaces from now on.
  public void ownAddresses(List<IpAddress> addresses) {
    own.clear();
    own.addAll(addresses);
  }

  /// Refuses these from now on.
  public void refuse(Predicate<Operation> operations) {
    refused = operations;
  }

  /// What goes wrong with each call of `apply`.
  public void setFaults(Supplier<Fault> supplier) {
    faults = supplier;
  }

  /// Whether nothing can be read back.
  public void setUnreadable(boolean is) {
    unreadable = is;
  }

  /// Takes the changes since the last call.
  public List<Operation> takeLog() {
    List<Operation> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  /// How often all was read back.
  public int observations() {
    return observations;
  }

  /// The keys of all virtual servers.
  public Set<ServerKey> keys() {
    return servers.keySet();
  }

  /// The addresses on the interface.
  public Set<IpAddress> bound() {
    return bound;
  }

  /// All entries of all sets, to be changed as somebody else might.
  public Set<SetEntry> entries(IpSet set) {
    return sets.computeIfAbsent(set, _ -> new TreeSet<>());
  }

  /// The interface is removed, with its addresses.
  public void loseLink() {
    link = false;
    bound.clear();
  }

  /// A virtual server is made or replaced by somebody.
  public void gainServer(ServerKey key, Scheduling scheduling) {
    servers.put(key, new Server(scheduling));
  }

  /// A virtual server is removed by somebody.
  public void loseServer(ServerKey key) {
    servers.remove(key);
  }

  /// A real server becomes this.
  public void setReal(
      ServerKey key, Backend backend, int weight, boolean masqueraded, int connections) {
    Objects.requireNonNull(servers.get(key))
        .reals
        .put(backend, new Real(weight, masqueraded, connections));
  }

  /// A real server is removed by somebody.
  public void loseReal(ServerKey key, Backend backend) {
    Objects.requireNonNull(servers.get(key)).reals.remove(backend);
  }

  /// Has so many connections from now on.
  public void connect(ServerKey key, Backend backend, int connections) {
    Objects.requireNonNull(servers.get(key))
        .reals
        .computeIfPresent(
            backend, (_, real) -> new Real(real.weight, real.masqueraded, connections));
  }

  /// The real servers of a virtual one.
  public List<Backend> backends(ServerKey key) {
    return List.copyOf(Objects.requireNonNull(servers.get(key)).reals.keySet());
  }

  /// The weight of a real server; -1 if there is none.
  public int weight(ServerKey key, Backend backend) {
    Server server = servers.get(key);
    Real real = server == null ? null : server.reals.get(backend);
    return real == null ? -1 : real.weight;
  }

  private boolean takesConnections(ServerKey key) {
    Server server = servers.get(key);
    return server != null && server.reals.values().stream().anyMatch(real -> real.weight > 0);
  }

  /// All that new connections meet, as text: real servers without weight are left out, and so are
  /// virtual servers that have no others.
  public String content() {
    StringBuilder text = new StringBuilder(link ? "link\n" : "");
    Set<SetEntry> unseen = new HashSet<>();
    servers.forEach((key, server) -> {
      if (!takesConnections(key)) {
        unseen.add(Differ.mark(key));
        return;
      }
      text.append(key).append(' ').append(server.scheduling).append('\n');
      server.reals.forEach((backend, real) -> {
        if (real.weight > 0) {
          text.append("  ").append(backend).append(' ').append(real.weight);
          text.append(real.masqueraded ? "\n" : " routed\n");
        }
      });
    });
    bound.forEach(address -> text.append(address).append('\n'));
    sets.forEach((set, entries) -> {
      text.append(set).append('\n');
      entries.stream()
          .filter(entry -> !unseen.contains(entry))
          .forEach(entry -> text.append("  ").append(entry.element()).append('\n'));
    });
    return text.toString();
  }

  @Override
  public Observed observe() throws IOException {
    observations++;
    if (unreadable) {
      throw new IOException("unreadable");
    }
    Set<SetEntry> entries = new HashSet<>();
    sets.values().forEach(entries::addAll);
    Map<ServerKey, Observed.Server> seen = new HashMap<>();
    for (var entry : servers.entrySet()) {
      ServerKey key = entry.getKey();
      seen.put(key, new Observed.Server(key, entry.getValue().scheduling, realServers(key)));
    }
    return new Observed(
        link, new HashSet<>(bound), List.copyOf(own), Set.copyOf(sets.keySet()), entries, seen);
  }

  @Override
  public List<Observed.RealServer> realServers(ServerKey key) throws IOException {
    if (unreadable) {
      throw new IOException("unreadable");
    }
    Server server = servers.get(key);
    List<Observed.RealServer> reals = new ArrayList<>();
    if (server != null) {
      server.reals.forEach((backend, real) ->
          reals.add(
              new Observed.RealServer(backend, real.weight, real.masqueraded, real.connections)));
    }
    return reals;
  }

  @Override
  public List<Result> apply(List<Operation> operations) throws IOException {
    List<Result> results = new ArrayList<>();
    Fault fault = faults.get();
    int end =
        switch (fault) {
          case NONE, AFTER -> operations.size();
          case HALFWAY -> operations.size() / 2;
          case BEFORE -> 0;
        };
    for (Operation operation : operations.subList(0, end)) {
      results.add(
          refused.test(operation) ? new Result.Refused("EINVAL", "refused") : apply(operation));
      log.add(operation);
    }
    if (fault != Fault.NONE) {
      throw new IOException("fault " + fault);
    }
    return results;
  }

  private Result apply(Operation operation) {
    return switch (operation) {
      case Operation.MakeLink() -> {
        link = true;
        yield new Result.Done();
      }
      case Operation.MakeSet(IpSet set) ->
          sets.putIfAbsent(set, new TreeSet<>()) == null
              ? new Result.Done()
              : new Result.Refused("EXISTS", set.toString());
      case Operation.AddEntry(SetEntry entry) -> {
        Set<SetEntry> set = sets.get(entry.set());
        yield set == null ? surprise(operation) : done(set.add(entry));
      }
      case Operation.RemoveEntry(SetEntry entry) -> done(entries(entry.set()).remove(entry));
      case Operation.AddAddress(IpAddress address) ->
          link ? done(bound.add(address)) : surprise(operation);
      case Operation.RemoveAddress(IpAddress address) -> done(bound.remove(address));
      case Operation.AddServer(ServerKey key, Scheduling scheduling) ->
          servers.putIfAbsent(key, new Server(scheduling)) == null
              ? new Result.Done()
              : surprise(operation);
      case Operation.RemoveServer(ServerKey key) -> done(servers.remove(key) != null);
      case Operation.EditServer(ServerKey key, Scheduling scheduling) -> {
        Server server = servers.get(key);
        if (server != null) {
          server.scheduling = scheduling;
        }
        yield server == null ? surprise(operation) : new Result.Done();
      }
      case Operation.AddBackend(ServerKey key, Backend backend) ->
          change(operation, key, backend, false, 1);
      case Operation.Revive(ServerKey key, Backend backend) ->
          change(operation, key, backend, true, 1);
      case Operation.Drain(ServerKey key, Backend backend) ->
          change(operation, key, backend, true, 0);
      case Operation.RemoveBackend(ServerKey key, Backend backend) -> {
        Server server = servers.get(key);
        yield done(server != null && server.reals.remove(backend) != null);
      }
    };
  }

  private Result change(
      Operation operation, ServerKey key, Backend backend, boolean there, int weight) {
    Server server = servers.get(key);
    if (server == null || server.reals.containsKey(backend) != there) {
      return surprise(operation);
    }
    Real before = server.reals.get(backend);
    server.reals.put(backend, new Real(weight, true, before == null ? 0 : before.connections));
    return new Result.Done();
  }

  private static Result surprise(Operation operation) {
    return new Result.Surprise(operation.toString());
  }

  /// Whatever it changed.
  private static Result done(boolean ignored) {
    return new Result.Done();
  }

  @Override
  public void close() {}
}
