package kubeproxy.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.config.Completion;
import kubeproxy.config.ConfigurationText;
import kubeproxy.config.FeatureGates;
import kubeproxy.config.FlagValues;
import kubeproxy.config.ObjectSource;
import kubeproxy.config.ProxyMode;
import kubeproxy.config.ProxyOptions;
import kubeproxy.config.ReloadMode;
import kubeproxy.config.v1alpha1.ConfigurationWriter;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.engine.Inbox;
import kubeproxy.engine.SyncObserver;
import kubeproxy.events.ApiEventRecorder;
import kubeproxy.events.EventRecorder;
import kubeproxy.files.FileFollower;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.signal.Hangups;
import kubeproxy.logging.Logger;
import kubeproxy.logging.Logging;
import kubeproxy.manifests.ManifestSource;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.status.ComponentPages;
import kubeproxy.status.HealthCheckServers;
import kubeproxy.status.HealthState;
import kubeproxy.status.ProxyMetrics;
import kubeproxy.status.StatusServer;
import org.jspecify.annotations.Nullable;

/// The running proxy: makes all parts, connects them, and closes them in reverse order. What is
/// programmed in the kernel stays when it ends.
final class ProxyServer implements AutoCloseable {
  private static final String IPVS_DEPRECATED =
      "Kubernetes has deprecated the ipvs mode; the nftables mode does what it does";

  private final Completion.Result.Complete given;
  private final ProxyOptions options;
  private final FlagValues flags;
  private final Optional<ConfigurationText> file;
  private final Logging logging;
  private final Logger log;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /// Null without an API server.
  private @Nullable Api api;

  /// The configuration that was accepted last.
  private volatile Supplier<KubeProxyConfiguration> accepted;

  private final ProcessEnd end;
  private final HangupRequests hangups = new HangupRequests();

  /// The API server and what talks to it.
  private record Api(ObjectSource.ApiServer options, ApiTransport transport, ApiMetrics metrics) {}

  /// @param given what to do
  /// @param flags what `given` was made of, and
  /// @param file the configuration file, if there is one
  ProxyServer(
      Completion.Result.Complete given,
      FlagValues flags,
      Optional<ConfigurationText> file,
      Logging logging) {
    this.given = given;
    this.options = given.options();
    this.flags = flags;
    this.file = file;
    this.logging = logging;
    this.log = logging.logger();
    this.accepted = given::configuration;
    this.end = new ProcessEnd(log);
  }

  /// Does what needs all privileges, for a process that will run with fewer.
  ///
  /// @throws StartupException if no mode can run here, or a setting cannot be changed: who runs
  ///   after this has fewer privileges
  void initialize() throws StartupException, InterruptedException {
    ModeSelection selection = select();
    KernelSettings.applyAll(options, selection.mode(), log);
    log.info("Initialized; exiting because of --init-only", "mode", selection.mode().label());
  }

  /// Starts everything.
  ///
  /// @throws StartupException if the kernel cannot be programmed at all
  void start() throws StartupException, InterruptedException {
    takeSignals();
    String version = Version.reported(options);
    log.info("Version info", "version", version, "java", Runtime.version().toString());
    opened(HeapLimit.ofProcess()).start();
    String nodeName = NodeName.of(options);
    ModeSelection selection = select();
    Telemetry telemetry = Telemetry.of(options, selection, log);
    openApi(telemetry.metrics());
    log.info(
        selection.families().size() == 2
            ? "kube-proxy running in dual-stack mode"
            : "kube-proxy running in single-stack mode",
        "nodeName",
        nodeName,
        "mode",
        selection.mode().label());
    ProxyEvents events = events(nodeName);
    opened(new InstanceWatch(log, events::secondInstance)).start();
    selection.instead().ifPresent(events::modeFallback);
    if (selection.mode() == ProxyMode.IPVS) {
      log.error(null, IPVS_DEPRECATED);
      events.ipvsDeprecated(IPVS_DEPRECATED);
    }
    KernelSettings settings = new KernelSettings(log, events::settingFailed);
    settings.oomScore(options.process().oomScoreAdj());
    settings.apply(options, selection.mode());
    try {
      connect(nodeName, selection, telemetry, settings, events);
      events.starting();
    } catch (IOException e) {
      throw new StartupException("cannot program the kernel", e);
    }
  }

  private void takeSignals() throws StartupException {
    try {
      opened(Hangups.start(hangups::ask));
    } catch (KernelException e) {
      throw new StartupException("cannot take SIGHUP", e);
    }
  }

  private ModeSelection select() throws StartupException, InterruptedException {
    IpAddress bindAddress = options.node().bindAddress();
    IpFamily primary = bindAddress.isUnspecified() ? IpFamily.IPV4 : bindAddress.family();
    List<IpFamily> usable = Families.usable();
    List<IpFamily> families =
        options.process().gates().families(primary).stream().filter(usable::contains).toList();
    if (families.isEmpty()) {
      throw new StartupException("no support for primary IP family \"" + primary.label() + "\"");
    }
    ModeProbe probe = new ModeProbe(Programs.ofHost(), families);
    return ModeSelection.select(options.mode(), families, probe, log);
  }

  private ProxyEvents events(String nodeName) throws StartupException {
    if (api == null) {
      return new ProxyEvents(EventRecorder.NONE, nodeName);
    }
    ApiEventRecorder.Options how =
        ApiEventRecorder.Options.of(NodeName.ofHost(), Clock.systemUTC(), System::nanoTime);
    ApiEventRecorder recorder = opened(new ApiEventRecorder(api.transport(), how, log));
    recorder.start();
    api.metrics().watchEvents(recorder::counts);
    return new ProxyEvents(recorder, nodeName);
  }

  private void openApi(ProxyMetrics metrics) throws StartupException {
    if (options.source() instanceof ObjectSource.ApiServer server) {
      ApiMetrics observer = new ApiMetrics(metrics.registry(), System::nanoTime, Clock.systemUTC());
      String version = Version.reported(options);
      ApiTransport opened = opened(ApiParts.open(server, version, observer, log));
      api = new Api(server, opened, observer);
    }
  }

  private void connect(
      String nodeName,
      ModeSelection selection,
      Telemetry telemetry,
      KernelSettings settings,
      ProxyEvents events)
      throws IOException, StartupException, InterruptedException {
    ProxyMetrics metrics = telemetry.metrics();
    SyncMetrics syncMetrics = new SyncMetrics(metrics, telemetry.health());
    NodeHealth nodeHealth = new NodeHealth(nodeName, telemetry.health());
    StartupCheckLog checks =
        new StartupCheckLog(nodeName, selection, given.configuration(), log, end::because);
    LeftoverSweep leftovers =
        new LeftoverSweep(
            selection.families(), new Cleanup(Leftovers.besides(selection.mode(), options), log));
    SyncObserver observer =
        SyncObserver.all(
            List.of(
                new SyncLog(log),
                syncMetrics,
                nodeHealth,
                checks,
                events,
                healthCheckPorts(selection, telemetry.health(), events),
                leftovers));
    Pipeline pipeline =
        opened(
            Pipeline.open(
                selection.opener(options, log),
                RunningParts.plans(options, selection, nodeName),
                RunningParts.pacing(options, selection),
                observer,
                end::fatal));
    leftovers.keep(pipeline.rulesOf(selection.mode()));
    syncMetrics.watch(pipeline::objectCounts, pipeline::lastWritten);
    metrics.watchPending(
        () -> pipeline.loop().pendingChanges().services(),
        () -> pipeline.loop().pendingChanges().endpointSlices());
    nodeHealth.watch(pipeline.loop()::snapshot);
    events.watch(pipeline.loop()::snapshot);
    checks.watch(pipeline.loop()::snapshot);
    countPackets(selection, metrics);
    pipeline
        .relayTraffic()
        .ifPresent(traffic -> RelayMetrics.register(metrics.registry(), traffic));
    serve(nodeName, selection, telemetry, settings, events, pipeline);
  }

  private HealthCheckPorts healthCheckPorts(
      ModeSelection selection, HealthState health, ProxyEvents events) {
    return new HealthCheckPorts(
        opened(
            new HealthCheckServers(
                Set.copyOf(selection.families()),
                health,
                Clock.systemUTC(),
                events::healthCheckFailed,
                log)));
  }

  /// Starts what is connected: servers first, so that they tell of the first sync.
  private void serve(
      String nodeName,
      ModeSelection selection,
      Telemetry telemetry,
      KernelSettings settings,
      ProxyEvents events,
      Pipeline pipeline)
      throws IOException, StartupException {
    ProxyMetrics metrics = telemetry.metrics();
    Inbox.Source objects = pipeline.inbox().register("objects");
    StatusServers servers = opened(servers(selection, telemetry, events));
    servers.apply(options.status());
    pipeline.start();
    follow(nodeName, objects, telemetry);
    RunningParts parts =
        new RunningParts(
            selection, nodeName, logging, settings, telemetry.health(), servers, pipeline);
    Reload.Listener listener =
        (result, detail) -> {
          metrics.reloaded(result.label(), result != Reload.Result.REJECTED);
          events.reloaded(result, detail);
        };
    Reload reload = new Reload(flags, given, log, parts::apply, listener);
    accepted = reload::configuration;
    followConfiguration(reload);
  }

  private void countPackets(ModeSelection selection, ProxyMetrics metrics) {
    if (selection.mode() != ProxyMode.IPTABLES) {
      return;
    }
    try {
      opened(PacketMetrics.open(metrics.registry()));
    } catch (IOException e) {
      log.v(2).info("No counters of packets in metrics", "err", e);
    }
  }

  private StatusServers servers(ModeSelection selection, Telemetry telemetry, ProxyEvents events) {
    FeatureGates gates = options.process().gates();
    ProxyMetrics metrics = telemetry.metrics();
    ComponentPages pages =
        new ComponentPages(
            () -> ConfigurationWriter.json(accepted.get()),
            flags.texts(),
            Version.reported(options),
            gates.enabled(FeatureGates.COMPONENT_FLAGZ),
            gates.enabled(FeatureGates.COMPONENT_STATUSZ));
    Optional<IntConsumer> verbosity =
        options.status().profiling() ? Optional.of(logging::setVerbosity) : Optional.empty();
    return new StatusServers(
        new StatusServers.Kind(
            address -> StatusServer.healthz(address, telemetry.health(), metrics, log),
            reason -> {
              events.healthzFailed(reason);
              end.withoutServer("healthz", reason);
            }),
        new StatusServers.Kind(
            address ->
                StatusServer.metrics(
                    address, metrics, selection.mode().label(), pages, verbosity, log),
            reason -> {
              events.metricsFailed(reason);
              end.withoutServer("metrics", reason);
            }));
  }

  private void follow(String nodeName, Inbox.Source objects, Telemetry telemetry) {
    switch (options.source()) {
      case ObjectSource.Manifests(String path) ->
          opened(
                  new ManifestSource(
                      Path.of(path),
                      delta -> {
                        objects.put(delta);
                        objects.markSynced();
                      },
                      new ManifestLog(log, telemetry.metrics())))
              .start();
      case ObjectSource.ApiServer _ ->
          follow(nodeName, objects, Objects.requireNonNull(api), telemetry.health());
    }
  }

  private void follow(String nodeName, Inbox.Source objects, Api from, HealthState health) {
    FeatureGates gates = options.process().gates();
    ApiParts parts =
        opened(
            ApiParts.of(
                from.transport(), from.options(), gates, nodeName, objects, log, end::fatal));
    from.metrics().watch(parts::states);
    health.watchSources(() -> from.metrics().sources(parts.states()));
    parts.start();
  }

  private void followConfiguration(Reload reload) {
    if (file.isEmpty()) {
      hangups.answerBy(() -> log.info("SIGHUP: there is no --config to read again"));
      return;
    }
    String name = file.get().fileName();
    boolean exit = options.actions().reload() == ReloadMode.EXIT;
    ConfigurationWatch watch =
        opened(
            new ConfigurationWatch(
                Path.of(name),
                file.get().text(),
                log,
                new FileFollower.Listener() {
                  @Override
                  public void changed(String text) {
                    if (exit) {
                      end.forRestart(name);
                    } else {
                      reload.accept(new ConfigurationText(name, text));
                    }
                  }

                  @Override
                  public void unavailable(String reason) {
                    reload.unreadable(reason);
                  }

                  @Override
                  public void returned(String text) {
                    reload.accept(new ConfigurationText(name, text));
                  }
                }));
    watch.start();
    hangups.answerBy(watch::reloadNow);
  }

  /// Waits until the process is to end by itself.
  ///
  /// @return the exit code of the process
  int awaitEnd() throws InterruptedException {
    return end.await();
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
}
