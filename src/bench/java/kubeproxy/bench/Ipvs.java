package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.ipset.HashType;
import kubeproxy.kernel.ipset.IpSets;
import kubeproxy.kernel.ipset.SetChange;
import kubeproxy.kernel.ipset.SetEntry;
import kubeproxy.kernel.ipset.SetShape;
import kubeproxy.kernel.ipvs.Destination;
import kubeproxy.kernel.ipvs.IpvsChange;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.ipvs.ServerAddress;
import kubeproxy.kernel.ipvs.VirtualServer;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.route.AddressChange;
import kubeproxy.kernel.route.LinkAddresses;
import kubeproxy.kernel.route.Links;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.NetworkNamespace;

/// What a full sync of the `ipvs` mode writes to the kernel, by netlink and by one call of
/// `ipvsadm`, `ipset` or `ip` for each entry: per Service a virtual server with its destinations,
/// an address on the dummy interface, an entry of a set of cluster IPs and one of a set against
/// hairpins.
///
/// The calls are made by a shell, for a part of the Services, and the processor time is
/// multiplied. Needs a kernel with virtual servers. Where that is a process itself, starting a
/// process inside is dear, so what that alone costs is measured as well.
///
/// Arguments: Services x endpoints, Services that the tools are called for.
public final class Ipvs {
  private static final String LINK = "kube-ipvs0";
  private static final String CLUSTER_IPS = "KUBE-CLUSTER-IP";
  private static final String LOOP_BACK = "KUBE-LOOP-BACK";
  private static final int FIRST_CLUSTER_IP = 0x0a60_0001;
  private static final int FIRST_ENDPOINT = 0x0af4_0001;
  private static final int ROUNDS = 3;
  private static final double MILLIS_PER_TICK = 10;

  private final int services;
  private final int endpoints;
  private final int sample;

  private Ipvs(int services, int endpoints, int sample) {
    this.services = services;
    this.endpoints = endpoints;
    this.sample = sample;
  }

  /// Runs the benchmark in network namespaces of its own.
  public static void main(String[] args) throws Exception {
    String[] size = (args.length > 0 ? args[0] : "2000x5").split("x", -1);
    int services = Integer.parseInt(size[0]);
    int sample = args.length > 1 ? Integer.parseInt(args[1]) : Math.min(services, 100);
    new Ipvs(services, Integer.parseInt(size[1]), sample).run();
  }

  private void run() throws Exception {
    int entries = services * (endpoints + 4);
    double cold = byNetlink();
    double warm = cold;
    for (int round = 1; round < ROUNDS; round++) {
      warm = Math.min(warm, byNetlink());
    }
    System.out.printf(
        "%d Services x %d endpoints, %d entries by netlink: %.0f ms cpu in a process just started,"
            + " %.0f ms warm (least of %d)%n",
        services, endpoints, entries, cold, warm, ROUNDS);
    double scale = (double) services / sample;
    double tools = byTools() * scale;
    double nothing = byProcessesThatDoNothing() * scale;
    System.out.printf(
        "one call of a tool for each entry: %.0f ms cpu; starting as many processes that do"
            + " nothing: %.0f ms (both measured for %d Services, times %.1f)%n",
        tools, nothing, sample, scale);
    System.out.printf(
        "less cpu by a factor of %.0f, warm %.0f; not counting the start of processes, %.0f, warm"
            + " %.0f%n",
        tools / cold, tools / warm, (tools - nothing) / cold, (tools - nothing) / warm);
  }

  // Milliseconds of processor time of this whole process, the kernel's work for it included.
  private double byNetlink() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      int link = dummy(node);
      double start = cpu(14);
      try (IpvsTable table = node.open(() -> IpvsTable.open().orElseThrow());
          IpSets sets = node.open(IpSets::open);
          LinkAddresses addresses = node.open(LinkAddresses::open)) {
        requireDone(addresses.apply(addresses(link)));
        requireDone(sets.apply(sets()));
        requireDone(table.apply(servers()));
        double end = cpu(14);
        requireAll(table.servers().size(), services);
        return end - start;
      }
    }
  }

  private List<AddressChange> addresses(int link) {
    List<AddressChange> changes = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      changes.add(new AddressChange.Add(link, clusterIp(i)));
    }
    return changes;
  }

  private List<SetChange> sets() {
    List<SetChange> changes = new ArrayList<>();
    changes.add(
        new SetChange.Create(CLUSTER_IPS, SetShape.Hash.of(HashType.IP_PORT, IpFamily.IPV4)));
    changes.add(
        new SetChange.Create(LOOP_BACK, SetShape.Hash.of(HashType.IP_PORT_IP, IpFamily.IPV4)));
    for (int i = 0; i < services; i++) {
      IpAddress local = endpoint(i, 0);
      changes.add(
          new SetChange.Add(CLUSTER_IPS, new SetEntry.AddressPort(clusterIp(i), Protocol.TCP, 80)));
      changes.add(
          new SetChange.Add(
              LOOP_BACK, new SetEntry.AddressPortAddress(local, Protocol.TCP, 8080, local)));
    }
    return changes;
  }

  private List<IpvsChange> servers() {
    List<IpvsChange> changes = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      ServerAddress address = new ServerAddress(Protocol.TCP, clusterIp(i), 80);
      changes.add(new IpvsChange.AddServer(VirtualServer.of(address, "rr", 0)));
      for (int k = 0; k < endpoints; k++) {
        Destination destination = Destination.masqueraded(endpoint(i, k), 8080, 1);
        changes.add(new IpvsChange.AddDestination(address, destination));
      }
    }
    return changes;
  }

  // Milliseconds of processor time of the shell and of all that it calls.
  private double byTools() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      dummy(node);
      node.exec("ipset", "create", CLUSTER_IPS, "hash:ip,port");
      node.exec("ipset", "create", LOOP_BACK, "hash:ip,port,ip");
      List<String> calls = new ArrayList<>();
      for (int i = 0; i < sample; i++) {
        String server = clusterIp(i) + ":80";
        IpAddress local = endpoint(i, 0);
        calls.add("ip addr add " + clusterIp(i) + "/32 dev " + LINK);
        calls.add("ipset add " + CLUSTER_IPS + " " + clusterIp(i) + ",tcp:80");
        calls.add("ipset add " + LOOP_BACK + " " + local + ",tcp:8080," + local);
        calls.add("ipvsadm -A -t " + server + " -s rr");
        for (int k = 0; k < endpoints; k++) {
          calls.add("ipvsadm -a -t " + server + " -r " + endpoint(i, k) + ":8080 -m -w 1");
        }
      }
      double start = cpu(16);
      node.execWithInput(String.join("\n", calls) + "\n", "sh", "-e");
      double end = cpu(16);
      long made = node.exec("ipvsadm", "-S", "-n").lines().filter(l -> l.startsWith("-A")).count();
      requireAll(made, sample);
      return end - start;
    }
  }

  private double byProcessesThatDoNothing() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      double start = cpu(16);
      // Not the one that is built into the shell.
      node.execWithInput("/bin/true\n".repeat(sample * (endpoints + 4)), "sh", "-e");
      return cpu(16) - start;
    }
  }

  private static int dummy(NetworkNamespace node) throws Exception {
    return node.run(() -> {
      Links.addDummy(LINK);
      return Links.get(LINK).orElseThrow().index();
    });
  }

  private static void requireDone(List<Answer> answers) {
    for (Answer answer : answers) {
      if (!answer.equals(new Answer.Complete())) {
        throw new IllegalStateException(answer.toString());
      }
    }
  }

  private static void requireAll(long there, int expected) {
    if (there != expected) {
      throw new IllegalStateException(there + " virtual servers instead of " + expected);
    }
  }

  private static IpAddress clusterIp(int service) {
    return new Ipv4Address(FIRST_CLUSTER_IP + service);
  }

  private IpAddress endpoint(int service, int number) {
    return new Ipv4Address(FIRST_ENDPOINT + service * endpoints + number);
  }

  // The sum of two neighbouring fields of proc(5)'s stat: 14 and 15 are this process's time in user
  // and kernel mode, 16 and 17 that of the children it waited for.
  private static double cpu(int field) throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[field - 3]) + Long.parseLong(fields[field - 2]))
        * MILLIS_PER_TICK;
  }
}
