package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kubeproxy.app.ModeOpener;
import kubeproxy.app.Pipeline;
import kubeproxy.decode.DocumentDecoder;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectSink;
import kubeproxy.decode.YamlTokenReader;
import kubeproxy.engine.Inbox;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncPacing;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;
import kubeproxy.plan.PlanConfig;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;

/// The product in this process, on the node of a test: all of it but flags, files and the status
/// ports. Used by one thread.
final class ProxyUnderTest implements AutoCloseable {

  /// A thousand times what it needs.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Nothing is held back, and nothing that failed is tried again before a test has failed.
  static final SyncPacing PACING = new SyncPacing(Duration.ZERO, Duration.ofMinutes(1));

  private final List<SyncEvent> events = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final Map<ObjectId, ClusterObject> known = new HashMap<>();
  private final Pipeline pipeline;
  private final Inbox.Source objects;

  private ProxyUnderTest(ModeOpener mode, NodeOptions options) throws IOException {
    pipeline =
        Pipeline.open(
            mode,
            planConfigs(options),
            PACING,
            events::add,
            (thread, cause) -> faults.add(thread + ": " + cause));
    objects = pipeline.inbox().register("test");
    pipeline.start();
  }

  /// Starts on a node. Nothing is programmed before the first [#apply].
  static ProxyUnderTest start(ModeOpener mode, NetworkNamespace node, NodeOptions options)
      throws Exception {
    return node.run(() -> new ProxyUnderTest(mode, options));
  }

  private static Map<IpFamily, PlanConfig> planConfigs(NodeOptions options) {
    Map<IpFamily, PlanConfig> plans = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      plans.put(family, planConfig(options, family));
    }
    return plans;
  }

  /// How to plan with these options.
  static PlanConfig planConfig(NodeOptions options, IpFamily family) {
    return new PlanConfig(
        family,
        NodeOptions.NODE_NAME,
        options.masqueradeAll(),
        options.detectLocal(),
        options.nodePortAddresses(),
        true,
        Optional.empty(),
        options.sctp(),
        options.serviceTopology());
  }

  /// Makes these documents the cluster and returns when the kernel carries it out and stale flows
  /// are gone.
  void apply(Collection<String> documents) throws Exception {
    Map<ObjectId, ClusterObject> wanted = decode(documents);
    var changes = new HashMap<ObjectId, Optional<ClusterObject>>();
    known.keySet().forEach(id -> changes.put(id, Optional.empty()));
    wanted.forEach((id, object) -> changes.put(id, Optional.of(object)));
    known.clear();
    known.putAll(wanted);
    long position = objects.put(new ClusterDelta(changes));
    objects.markSynced();
    boolean settled = pipeline.awaitSettled(position, PATIENCE);
    expectNoFault();
    assertThat(settled).as("installed in time; %s", troubles()).isTrue();
  }

  /// Goes on with other options and returns when the kernel carries them out.
  void reconfigure(NodeOptions options) throws Exception {
    long position = pipeline.reconfigure(planConfigs(options), PACING);
    boolean settled = pipeline.awaitSettled(position, PATIENCE);
    expectNoFault();
    assertThat(settled).as("reconfigured in time; %s", troubles()).isTrue();
  }

  /// What the kernel refused or could not tell, in the order of its happening.
  List<SyncEvent> troubles() {
    return events.stream().filter(ProxyUnderTest::isTrouble).toList();
  }

  /// Fails if a part ended by itself.
  void expectNoFault() {
    assertThat(faults).as("faults").isEmpty();
  }

  /// Everything that happened.
  List<SyncEvent> events() {
    return List.copyOf(events);
  }

  /// What all syncs of a family together wrote.
  int operations(IpFamily family) {
    return events.stream()
        .filter(SyncEvent.Synced.class::isInstance)
        .map(SyncEvent.Synced.class::cast)
        .filter(synced -> synced.family() == family)
        .mapToInt(synced -> synced.report().operations())
        .sum();
  }

  private static boolean isTrouble(SyncEvent event) {
    return switch (event) {
      case SyncEvent.Rejected _,
          SyncEvent.SetAside _,
          SyncEvent.Indeterminate _,
          SyncEvent.Failed _ ->
          true;
      case SyncEvent.FlowsCleaned cleaned -> !cleaned.report().isClean();
      case SyncEvent.Folded _,
          SyncEvent.FactsChanged _,
          SyncEvent.Reconfigured _,
          SyncEvent.Planned _,
          SyncEvent.ProblemsChanged _,
          SyncEvent.Queued _,
          SyncEvent.DriftNoticed _,
          SyncEvent.Synced _,
          SyncEvent.Programmed _,
          SyncEvent.Restored _,
          SyncEvent.HealthChecksChanged _ ->
          false;
    };
  }

  /// The objects of these documents.
  static Map<ObjectId, ClusterObject> decode(Collection<String> documents) throws MalformedInput {
    var decoded = new ArrayList<ClusterObject>();
    var sink =
        new ObjectSink() {
          @Override
          public void object(ClusterObject object) {
            decoded.add(object);
          }

          @Override
          public void ignored(Problem problem) {}

          @Override
          public void skipped(String kind) {}
        };
    for (String document : documents) {
      byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
      new DocumentDecoder(sink).decode(new YamlTokenReader(new ByteArrayInputStream(bytes)));
    }
    var byId = new HashMap<ObjectId, ClusterObject>();
    decoded.forEach(object -> byId.put(ObjectId.of(object), object));
    return byId;
  }

  /// Ends it; what is programmed stays.
  @Override
  public void close() {
    pipeline.close();
  }
}
