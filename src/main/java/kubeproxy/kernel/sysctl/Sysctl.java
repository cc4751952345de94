package kubeproxy.kernel.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The settings of the kernel. Any thread may call; those below `net` are of its network namespace.
public final class Sysctl {

  /// The kernel's own proportion of flows to hash buckets: with fewer buckets their lists grow.
  private static final int FLOWS_PER_BUCKET = 4;

  /// Whether packets to 127.0.0.0/8 may come from and go to other interfaces than the loopback.
  public static final String ROUTE_LOCALNET = "net/ipv4/conf/all/route_localnet";

  /// With these kernels an endpoint without weight still gets new connections from a port that was
  /// used before, unless it is set otherwise (upstream kube-proxy's choice).
  private static final KernelVersion REUSE_FROM = new KernelVersion(4, 1);

  private static final KernelVersion REUSE_MENDED = new KernelVersion(5, 9);

  private static final String VIRTUAL_SERVERS = "net/ipv4/vs/";
  private static final String NETFILTER = "net/netfilter/";
  private static final String HASH_SIZE = "module/nf_conntrack/parameters/hashsize";

  private final Path settings;
  private final Path devices;

  /// @param settings where the settings are, `/proc/sys`
  /// @param devices where module parameters are, `/sys`
  public Sysctl(Path settings, Path devices) {
    this.settings = settings;
    this.devices = devices;
  }

  /// Those of the running kernel.
  public static Sysctl ofKernel() {
    return new Sysctl(Path.of("/proc/sys"), Path.of("/sys"));
  }

  /// The value of a setting, empty if it cannot be read or is no number.
  ///
  /// @param name with slashes, as `net/ipv4/ip_forward`
  public OptionalLong read(String name) {
    return new SettingFile(settings.resolve(name)).value();
  }

  /// Sets a setting, unless it has that value.
  ///
  /// @param name with slashes, as `net/ipv4/ip_forward`
  public Setting set(String name, long value) {
    return new SettingFile(settings.resolve(name)).set(value);
  }

  /// Sets up connection tracking.
  ///
  /// @return what became of each setting that was to be set, in the order in which it was tried;
  ///   one that failed does not keep the others from being tried
  public List<Setting> apply(ConntrackSettings wanted) {
    List<Setting> outcomes = new ArrayList<>();
    if (wanted.max().isPresent()) {
      int max = wanted.max().getAsInt();
      outcomes.add(set(NETFILTER + "nf_conntrack_max", max));
      int buckets = max / FLOWS_PER_BUCKET;
      outcomes.add(new SettingFile(devices.resolve(HASH_SIZE)).raise(buckets));
    }
    apply(outcomes, "nf_conntrack_tcp_timeout_established", wanted.tcpEstablished());
    apply(outcomes, "nf_conntrack_tcp_timeout_close_wait", wanted.tcpCloseWait());
    if (wanted.tcpBeLiberal()) {
      outcomes.add(set(NETFILTER + "nf_conntrack_tcp_be_liberal", 1));
    }
    apply(outcomes, "nf_conntrack_udp_timeout", wanted.udp());
    apply(outcomes, "nf_conntrack_udp_timeout_stream", wanted.udpStream());
    return List.copyOf(outcomes);
  }

  /// Sets up virtual servers.
  ///
  /// @return as for connection tracking
  public List<Setting> apply(IpvsSettings wanted) {
    List<Setting> outcomes = new ArrayList<>();
    outcomes.add(set(VIRTUAL_SERVERS + "conntrack", 1));
    Optional<KernelVersion> kernel = kernelVersion();
    if (kernel.isPresent()
        && kernel.get().compareTo(REUSE_FROM) >= 0
        && kernel.get().compareTo(REUSE_MENDED) < 0) {
      outcomes.add(set(VIRTUAL_SERVERS + "conn_reuse_mode", 0));
    }
    outcomes.add(set(VIRTUAL_SERVERS + "expire_nodest_conn", 1));
    outcomes.add(set(VIRTUAL_SERVERS + "expire_quiescent_template", 1));
    outcomes.add(set("net/ipv4/ip_forward", 1));
    if (wanted.strictArp()) {
      outcomes.add(set("net/ipv4/conf/all/arp_ignore", 1));
      outcomes.add(set("net/ipv4/conf/all/arp_announce", 2));
    }
    return List.copyOf(outcomes);
  }

  /// Whether packets that a bridge passes on are spared iptables. False where the kernel has no
  /// such setting (module br_netfilter), for then it cannot be told what is meant.
  public boolean bridgesBypassIptables() {
    OptionalLong called = read("net/bridge/bridge-nf-call-iptables");
    return called.isPresent() && called.getAsLong() == 0;
  }

  /// The version of the running kernel, empty if it cannot be told.
  public Optional<KernelVersion> kernelVersion() {
    try {
      return KernelVersion.parse(Files.readString(settings.resolve("kernel/osrelease")).strip());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private void apply(List<Setting> outcomes, String name, Duration timeout) {
    if (timeout.isPositive()) {
      outcomes.add(set(NETFILTER + name, timeout.toSeconds()));
    }
  }
}
