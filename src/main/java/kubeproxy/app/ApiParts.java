package kubeproxy.app;

import java.nio.file.Path;
import java.util.List;
import kubeproxy.apiclient.ApiClientObserver;
import kubeproxy.apiclient.ApiClients;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apiclient.ClientConfigException;
import kubeproxy.apiclient.ClientOptions;
import kubeproxy.apiclient.Surroundings;
import kubeproxy.apiwatch.ClusterOptions;
import kubeproxy.apiwatch.ClusterSink;
import kubeproxy.apiwatch.ClusterSource;
import kubeproxy.apiwatch.KindState;
import kubeproxy.apiwatch.WatchPacing;
import kubeproxy.config.FeatureGates;
import kubeproxy.config.ObjectSource;
import kubeproxy.engine.FaultHandler;
import kubeproxy.engine.Inbox;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.Problem;

/// The API server as the source of Services: follows its objects.
final class ApiParts implements AutoCloseable {
  private final ClusterSource source;

  private ApiParts(ClusterSource source) {
    this.source = source;
  }

  private static ClientOptions client(ObjectSource.ApiServer options, String version) {
    return new ClientOptions(
        options.kubeconfig().map(Path::of),
        options.master(),
        options.qps(),
        options.burst(),
        "kube-proxy/%s (%s)".formatted(version, Version.platform()));
  }

  /// Makes the client. Sends nothing.
  ///
  /// @param version that the server is told of
  /// @throws StartupException if kubeconfig, account or URL make no sense
  static ApiTransport open(
      ObjectSource.ApiServer options, String version, ApiClientObserver observer, Logger log)
      throws StartupException {
    if (options.inCluster()) {
      log.info("Neither --kubeconfig nor --master was given; using the Pod's service account");
    }
    try {
      return ApiClients.open(client(options, version), observer, log, Surroundings.ofProcess());
    } catch (ClientConfigException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  /// Makes what follows the objects.
  ///
  /// @param transport is not closed with it
  /// @param objects takes them
  static ApiParts of(
      ApiTransport transport,
      ObjectSource.ApiServer options,
      FeatureGates gates,
      String nodeName,
      Inbox.Source objects,
      Logger log,
      FaultHandler faults) {
    boolean slices = gates.endpointSlices();
    ClusterOptions wanted =
        new ClusterOptions(
            nodeName,
            slices,
            // Whoever sets this gate on an old cluster has had to set those that fill slices.
            gates.serviceTopology(),
            true,
            options.accept(),
            gates.enabled(FeatureGates.WATCH_LIST_CLIENT),
            WatchPacing.standard().renewedEvery(options.resyncPeriod()));
    ClusterSource source =
        new ClusterSource(
            transport,
            wanted,
            new ToInbox(objects, log),
            new ClusterSource.Environment(System.nanoTime(), System::nanoTime, log, faults::fatal));
    return new ApiParts(source);
  }

  void start() {
    source.start();
  }

  /// How it stands with each kind. Any thread.
  List<KindState> states() {
    return source.states();
  }

  @Override
  public void close() {
    source.close();
  }

  /// Carries what the server tells to the engine.
  private record ToInbox(Inbox.Source objects, Logger log) implements ClusterSink {

    @Override
    public void put(ClusterDelta delta) {
      objects.put(delta);
    }

    @Override
    public void markSynced() {
      log.info("Everything that the API server has is known");
      objects.markSynced();
    }

    @Override
    public void ignored(Problem problem) {
      ProblemLog.warn(log, problem);
    }
  }
}
