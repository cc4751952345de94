package kubeproxy.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.config.ConntrackOptions;
import kubeproxy.config.ListenAddress;
import kubeproxy.config.PlanConfigs;
import kubeproxy.config.ProxyOptions;
import kubeproxy.engine.Inbox;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncLoop;
import kubeproxy.engine.SyncObserver;
import kubeproxy.engine.SyncPacing;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.sysctl.ConntrackSettings;
import kubeproxy.kernel.sysctl.Processors;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.logging.Logger;
import kubeproxy.manifests.ManifestSource;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.PlanConfig;
import kubeproxy.status.BuildDescription;
import kubeproxy.status.HealthState;
import kubeproxy.status.ProxyMetrics;
import kubeproxy.status.StatusServer;

/// The running proxy: makes all parts, connects them, and closes them in reverse order. What is
/// programmed in the kernel stays when it ends.
final class ProxyServer implements AutoCloseable {
  private static final Path OOM_SCORE_ADJ = Path.of("/proc/self/oom_score_adj");

  /// Upstream's default for `nftables.masqueradeBit`.
  private static final int MASQUERADE_BIT = 14;

  private final ProxyOptions options;
  private final Logger log;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger();

  ProxyServer(ProxyOptions options, Logger log) {
    this.options = options;
    this.log = log;
  }

  /// Starts everything.
  ///
  /// @throws StartupException if the kernel cannot be programmed at all
  void start() throws StartupException {
    log.info("Version info", "version", Version.number(), "java", Runtime.version().toString());
    String nodeName = NodeName.of(options);
    List<IpFamily> families = Families.usable();
    log.info(
        families.size() == 2
            ? "kube-proxy running in dual-stack mode"
            : "kube-proxy running in single-stack mode",
        "nodeName",
        nodeName,
        "mode",
        "nftables");
    setOomScore();
    setConntrack();
    try {
      connect(nodeName, families);
    } catch (KernelException e) {
      throw new StartupException(explain(e), e);
    } catch (IOException e) {
      throw new StartupException("cannot reach the kernel", e);
    }
  }

  private static String explain(KernelException e) {
    if (e.is(Errno.EPERM) || e.is(Errno.EACCES)) {
      return "no permission to program nf_tables: CAP_NET_ADMIN is needed";
    }
    if (e.is(Errno.EPROTONOSUPPORT) || e.is(Errno.EAFNOSUPPORT)) {
      return "this kernel has no netfilter netlink (CONFIG_NETFILTER_NETLINK, CONFIG_NF_TABLES)";
    }
    return "cannot reach the kernel";
  }

  private void connect(String nodeName, List<IpFamily> families) throws IOException {
    Clock clock = Clock.systemUTC();
    BuildDescription build = new BuildDescription(Version.number(), "", Version.platform());
    ProxyMetrics metrics = new ProxyMetrics(Set.copyOf(families), build, clock);
    Duration healthTimeout = options.sync().period().multipliedBy(2);
    HealthState health = new HealthState(Set.copyOf(families), healthTimeout, clock, true);

    Map<IpFamily, PlanConfig> plans = new EnumMap<>(IpFamily.class);
    families.forEach(family -> plans.put(family, PlanConfigs.of(options, nodeName, family)));
    SyncPacing pacing = new SyncPacing(options.sync().minimum(), options.sync().period());
    SyncMetrics syncMetrics = new SyncMetrics(metrics, health);
    NodeHealth nodeHealth = new NodeHealth(nodeName, health);
    SyncObserver observer =
        SyncObserver.all(List.of(new SyncLog(log, families.getFirst()), syncMetrics, nodeHealth));
    Pipeline pipeline =
        opened(
            Pipeline.open(
                NftablesParts.opener(MASQUERADE_BIT), plans, pacing, observer, this::fatal));
    syncMetrics.watch(pipeline::objectCounts);
    nodeHealth.watch(pipeline.loop());
    Inbox.Source manifests = pipeline.inbox().register("manifests");
    serve(metrics, health);
    pipeline.start();
    ManifestLog manifestLog = new ManifestLog(log, metrics);
    ManifestSource source =
        new ManifestSource(
            Path.of(options.manifests()),
            delta -> {
              manifests.put(delta);
              manifests.markSynced();
            },
            manifestLog);
    opened(source).start();
  }

  private void serve(ProxyMetrics metrics, HealthState health) {
    options
        .status()
        .healthz()
        .ifPresent(address ->
            opened(StatusServer.healthz(socketAddress(address), health, metrics, log)).start());
    options
        .status()
        .metrics()
        .ifPresent(address ->
            opened(StatusServer.metrics(socketAddress(address), metrics, "nftables", log)).start());
  }

  private static InetSocketAddress socketAddress(ListenAddress address) {
    try {
      InetAddress host = InetAddress.getByAddress(address.address().toBytes());
      return new InetSocketAddress(host, address.port());
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("an address has 4 or 16 bytes", e);
    }
  }

  private void setOomScore() {
    try {
      Files.writeString(OOM_SCORE_ADJ, Integer.toString(options.process().oomScoreAdj()));
    } catch (IOException e) {
      log.v(2).info("Cannot set the OOM score", "err", e.toString());
    }
  }

  private void setConntrack() {
    ConntrackOptions wanted = options.conntrack();
    ConntrackSettings settings =
        new ConntrackSettings(
            wanted.maximum(Processors.count(Processors.ONLINE)),
            wanted.timeouts().tcpEstablished(),
            wanted.timeouts().tcpCloseWait(),
            wanted.tcpBeLiberal(),
            wanted.timeouts().udp(),
            wanted.timeouts().udpStream());
    for (Setting setting : Sysctl.ofKernel().apply(settings)) {
      switch (setting) {
        case Setting.Unchanged(Path path, long value) ->
            log.v(4).info("Setting is right", "path", path, "value", value);
        case Setting.Changed(Path path, long value, long previous) ->
            log.info("Setting changed", "path", path, "value", value, "previous", previous);
        case Setting.Failed(Path path, long value, boolean readOnly, String reason) ->
            log.warn(
                "Setting cannot be changed; connections may be tracked too few or too long",
                "path",
                path,
                "wanted",
                value,
                "readOnlyFileSystem",
                readOnly,
                "reason",
                reason);
      }
    }
  }

  private void fatal(String thread, Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    log.error(
        cause,
        "Stopping after an error in the program; what is installed stays in the kernel",
        "thread",
        thread,
        "trace",
        trace.toString());
    exitCode.set(1);
    ended.countDown();
  }

  /// Waits until a part of the program has failed for good.
  ///
  /// @return the exit code of the process
  int awaitEnd() throws InterruptedException {
    ended.await();
    return exitCode.get();
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable resource = open.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.v(2).info("Cannot close", "resource", resource.toString(), "err", e.toString());
      }
    }
  }

  /// Tells health when our Node changes: one that is being deleted gets no more traffic.
  private static final class NodeHealth implements SyncObserver {
    private final ObjectKey key;
    private final HealthState health;
    private Optional<SyncLoop> loop = Optional.empty();
    private boolean seen;

    NodeHealth(String nodeName, HealthState health) {
      this.key = new ObjectKey("", nodeName);
      this.health = health;
    }

    void watch(SyncLoop watched) {
      loop = Optional.of(watched);
    }

    @Override
    public void on(SyncEvent event) {
      if (event instanceof SyncEvent.Folded) {
        Optional<Node> node =
            loop.flatMap(running -> Optional.ofNullable(running.snapshot().nodes().get(key)));
        seen |= node.isPresent();
        if (seen) {
          health.node(node);
        }
      }
    }
  }
}
