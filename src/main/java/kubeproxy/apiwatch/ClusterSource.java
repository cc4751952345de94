package kubeproxy.apiwatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apidecode.ApiInterner;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.Kind;
import kubeproxy.model.Problem;

/// Follows everything that a node proxy needs from an API server: Services, their endpoints, our
/// own Node and ServiceCIDRs.
///
/// Guarantees:
/// - [ClusterSink#markSynced()] comes once, after the initial state of every kind was put. Our Node
///   and ServiceCIDRs are waited for only a while ([WatchPacing#goOnWithout()]), and not at all
///   when the server does not have them or does not let us; they are followed all the same.
/// - While the server cannot be reached, refuses or answers nonsense, what was put stays. Attempts
///   go on.
/// - After [#close()] nothing is put.
///
/// Deltas are given on the threads of the watches, one per kind, named `watch-services` and so on.
/// All methods may be called from any thread.
public final class ClusterSource implements AutoCloseable {
  private static final int TICKS_PER_SILENCE = 10;
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final ClusterSink sink;
  private final WatchParts parts;
  private final List<ResourceWatch> watches = new ArrayList<>();
  private final Thread ticker;

  private final Object lock = new Object();
  private final Set<Kind> awaited = EnumSet.noneOf(Kind.class);
  private boolean told;

  /// A source that does nothing before [#start()]. The transport is not closed by it.
  public ClusterSource(
      ApiTransport transport, ClusterOptions options, ClusterSink sink, Environment environment) {
    this.sink = sink;
    this.parts =
        new WatchParts(
            transport,
            options.accept(),
            options.streamInitialState(),
            new ApiInterner(),
            options.pacing(),
            environment.nanoTime(),
            environment.log());
    Output output = new Output(environment.faults());
    SplittableRandom random = new SplittableRandom(environment.seed());
    for (KindSources sources : wanted(options)) {
      awaited.add(sources.kind());
      watches.add(new ResourceWatch(sources, output, parts, random.split()));
    }
    ticker = Thread.ofPlatform().daemon().name("watch-ticker").unstarted(this::tick);
  }

  /// What a source is given by the process.
  ///
  /// @param seed of the randomness in waits
  /// @param nanoTime a monotonic clock in nanoseconds
  /// @param faults is told the name of a thread that ends by a mistake in the program, and the
  ///     mistake
  public record Environment(
      long seed, LongSupplier nanoTime, Logger log, BiConsumer<String, Throwable> faults) {}

  private static List<KindSources> wanted(ClusterOptions options) {
    List<KindSources> wanted = new ArrayList<>();
    wanted.add(KindSources.services());
    wanted.add(KindSources.endpoints(options.endpointSlices(), options.oldSlices()));
    wanted.add(KindSources.node(options.nodeName()));
    if (options.serviceCidrs()) {
      wanted.add(KindSources.serviceCidrs());
    }
    return wanted;
  }

  /// Begins to follow; returns at once.
  public void start() {
    watches.forEach(ResourceWatch::start);
    ticker.start();
  }

  /// How it stands with each kind, in a fixed order.
  public List<KindState> states() {
    return watches.stream().map(ResourceWatch::state).toList();
  }

  /// Whether everything was put that there was at the start.
  public boolean synced() {
    synchronized (lock) {
      return awaited.isEmpty();
    }
  }

  /// Stops at once, and waits until the last delta was taken.
  @Override
  public void close() {
    ticker.interrupt();
    watches.forEach(ResourceWatch::stop);
    watches.forEach(ResourceWatch::close);
    try {
      ticker.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    WatchPacing pacing = parts.pacing();
    Duration silence = pacing.initialSilence();
    if (pacing.silence().compareTo(silence) < 0) {
      silence = pacing.silence();
    }
    long tick = Math.min(silence.dividedBy(TICKS_PER_SILENCE).toNanos(), LONGEST_TICK.toNanos());
    long begun = parts.nanoTime().getAsLong();
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(tick);
        watches.forEach(ResourceWatch::giveUpIfSilent);
        if (parts.nanoTime().getAsLong() - begun >= pacing.goOnWithout().toNanos()) {
          goOnWithoutOptional();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void goOnWithoutOptional() {
    for (ResourceWatch watch : watches) {
      Kind kind = watch.state().kind();
      if (watch.optional() && isAwaited(kind)) {
        parts.log().error(null, "Going on without waiting any longer", "kind", kind.apiName());
        markSynced(kind);
      }
    }
  }

  private boolean isAwaited(Kind kind) {
    synchronized (lock) {
      return awaited.contains(kind);
    }
  }

  private void markSynced(Kind kind) {
    synchronized (lock) {
      awaited.remove(kind);
      if (told || !awaited.isEmpty()) {
        return;
      }
      told = true;
    }
    sink.markSynced();
  }

  private final class Output implements WatchOutput {
    private final BiConsumer<String, Throwable> faults;

    Output(BiConsumer<String, Throwable> faults) {
      this.faults = faults;
    }

    @Override
    public void put(ClusterDelta delta) {
      sink.put(delta);
    }

    @Override
    public void ignored(Problem problem) {
      sink.ignored(problem);
    }

    @Override
    public void synced(Kind kind) {
      markSynced(kind);
    }

    @Override
    public void broken(String thread, Throwable mistake) {
      faults.accept(thread, mistake);
    }
  }
}
