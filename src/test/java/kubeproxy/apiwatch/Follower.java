package kubeproxy.apiwatch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import kubeproxy.testing.Objects;
import kubeproxy.testing.api.Answers;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.FakeApiServer;
import kubeproxy.testing.api.LiveApi;
import kubeproxy.testing.api.ModelTree;
import kubeproxy.testing.api.ObjectStore;
import kubeproxy.testing.api.PlainTransport;
import kubeproxy.testing.api.ServerKeys;

/// A server with a store, a source that follows it in a hurry, and all that the source gave.
final class Follower implements ClusterSink, AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final String NODE = "node-1";

  final ObjectStore store = new ObjectStore();
  final LiveApi api = new LiveApi(store).bookmarkEvery(Duration.ofMillis(50));
  final FakeApiServer server;
  private final ApiTransport transport;
  private final ClusterSource source;

  private final Map<ObjectId, ClusterObject> objects = new HashMap<>();
  private final List<ClusterDelta> deltas = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Throwable> mistakes = new ArrayList<>();
  private int synced;

  /// Makes the client of a server.
  interface Clients {
    ApiTransport of(FakeApiServer server) throws IOException;
  }

  private Follower(
      UnaryOperator<ClusterOptions> options,
      Optional<Answers> answers,
      Optional<ServerKeys> keys,
      Clients clients,
      LongSupplier nanoTime)
      throws IOException {
    Answers all = answers.orElse(api);
    server = keys.isPresent() ? FakeApiServer.start(all, keys.get()) : FakeApiServer.start(all);
    transport = clients.of(server);
    source =
        new ClusterSource(
            transport,
            options.apply(ClusterOptions.standard(NODE).withPacing(hurried())),
            this,
            new ClusterSource.Environment(
                1, nanoTime, Logger.SILENT, (_, mistake) -> broken(mistake)));
  }

  /// A source that follows the store and is not started.
  Follower(UnaryOperator<ClusterOptions> options) throws IOException {
    this(options, Optional.empty(), Optional.empty(), Follower::plain, System::nanoTime);
  }

  /// The same over TLS.
  Follower(UnaryOperator<ClusterOptions> options, ServerKeys keys, Clients clients)
      throws IOException {
    this(options, Optional.empty(), Optional.of(keys), clients, System::nanoTime);
  }

  /// A source that follows something else than the store.
  Follower(UnaryOperator<ClusterOptions> options, Answers answers) throws IOException {
    this(options, Optional.of(answers), Optional.empty(), Follower::plain, System::nanoTime);
  }

  /// A source that follows the store and has another clock.
  Follower(UnaryOperator<ClusterOptions> options, LongSupplier nanoTime) throws IOException {
    this(options, Optional.empty(), Optional.empty(), Follower::plain, nanoTime);
  }

  private static ApiTransport plain(FakeApiServer server) {
    return new PlainTransport(server.address());
  }

  Follower() throws IOException {
    this(UnaryOperator.identity());
  }

  /// Production's times, a hundred times faster or so, but as patient with silence and as long as
  /// a busy machine may need.
  static WatchPacing hurried() {
    return pacing(Duration.ofMinutes(1), Duration.ofMinutes(1));
  }

  /// The same for servers that really fall silent. A slow one may be taken for such a one.
  static WatchPacing impatient() {
    return pacing(Duration.ofMillis(400), Duration.ofMillis(200));
  }

  private static WatchPacing pacing(Duration silence, Duration initialSilence) {
    return new WatchPacing(
        Duration.ofMillis(10),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofMinutes(10),
        Duration.ofMillis(20),
        silence,
        initialSilence,
        Duration.ofMinutes(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(20),
        500,
        5);
  }

  static ClusterOptions json(ClusterOptions options) {
    return new ClusterOptions(
        options.nodeName(),
        options.endpointSlices(),
        options.oldSlices(),
        options.serviceCidrs(),
        "application/json",
        options.streamInitialState(),
        options.pacing());
  }

  static ClusterOptions listing(ClusterOptions options) {
    return new ClusterOptions(
        options.nodeName(),
        options.endpointSlices(),
        options.oldSlices(),
        options.serviceCidrs(),
        options.accept(),
        false,
        options.pacing());
  }

  /// A Service that decodes to an equal one.
  static Service service(String name, int port) {
    return Objects.service("ns/" + name)
        .created(1000)
        .clusterIp("10.96.0.1")
        .port("http", port)
        .build();
  }

  static ObjectId id(String service) {
    return new ObjectId(Kind.SERVICE, new ObjectKey("ns", service));
  }

  /// Puts such a Service into the store.
  void put(String name, int port) {
    store.put(ModelTree.of(service(name, port)));
  }

  /// Waits until such a Service has come.
  void awaitPort(String name, int port) throws InterruptedException {
    await(name + " has port " + port, () -> service(name, port).equals(objects().get(id(name))));
  }

  /// How often the Services were listed, by whatever way.
  int lists() {
    return (int) state(Kind.SERVICE).lists();
  }

  void awaitCalls(int count, Predicate<ApiCall> calls) throws InterruptedException {
    server.calls().await(count, calls, PATIENCE);
  }

  static boolean servicesWatch(ApiCall call) {
    return call.isOf(ApiKind.SERVICE) && call.isWatch();
  }

  static boolean servicesList(ApiCall call) {
    return call.isOf(ApiKind.SERVICE) && call.isList();
  }

  Follower start() {
    source.start();
    return this;
  }

  ClusterSource source() {
    return source;
  }

  @Override
  public synchronized void put(ClusterDelta delta) {
    deltas.add(delta);
    delta.changes().forEach(this::apply);
    notifyAll();
  }

  private void apply(ObjectId id, Optional<ClusterObject> object) {
    object.ifPresentOrElse(present -> objects.put(id, present), () -> objects.remove(id));
  }

  @Override
  public synchronized void markSynced() {
    synced++;
    notifyAll();
  }

  @Override
  public synchronized void ignored(Problem problem) {
    problems.add(problem);
    notifyAll();
  }

  private synchronized void broken(Throwable mistake) {
    mistakes.add(mistake);
    notifyAll();
  }

  synchronized int syncedCount() {
    return synced;
  }

  synchronized int deltaCount() {
    return deltas.size();
  }

  synchronized List<ClusterDelta> deltas() {
    return List.copyOf(deltas);
  }

  synchronized List<Problem> problems() {
    return List.copyOf(problems);
  }

  synchronized Map<ObjectId, ClusterObject> objects() {
    return Map.copyOf(objects);
  }

  synchronized boolean has(ObjectId id) {
    return objects.containsKey(id);
  }

  KindState state(Kind kind) {
    return source.states().stream().filter(state -> state.kind() == kind).findFirst().orElseThrow();
  }

  /// Waits for something to become true.
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (this) {
      while (!condition.getAsBoolean()) {
        if (!mistakes.isEmpty()) {
          throw new AssertionError("a watch broke", mistakes.getFirst());
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not in time: " + what + "; " + source.states());
        }
        wait(10);
      }
    }
  }

  void awaitSynced() throws InterruptedException {
    await("synced", () -> syncedCount() > 0);
  }

  void awaitHas(ObjectId id) throws InterruptedException {
    await("put: " + id, () -> has(id));
  }

  void awaitGone(ObjectId id) throws InterruptedException {
    await("removed: " + id, () -> !has(id));
  }

  @Override
  public void close() throws IOException {
    source.close();
    transport.close();
    server.close();
  }
}
