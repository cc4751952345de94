package kubeproxy.apiwatch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import kubeproxy.apidecode.ApiDecoder;
import kubeproxy.apidecode.ApiEvent;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.apidecode.EventReader;
import kubeproxy.text.GoDuration;

/// Follows one kind: gets its state, watches from there, resumes what ends, and lists again what
/// cannot be resumed, until it is closed. On a thread of its own.
///
/// Of several versions of an API it takes the best that the server has. When that changes, the
/// objects of the old one stay in force until the state of the new one is complete; both come in
/// one delta.
final class ResourceWatch implements AutoCloseable {
  private final KindSources sources;
  private final WatchOutput output;
  private final WatchParts parts;
  private final RandomGenerator random;
  private final KindStatus status;
  private final EventFold fold;
  private final ApiCalls calls;
  private final ServedResources served;
  private final SourceChoice choice;
  private final Backoff backoff;
  private final FailureLog failureLog;
  private final Thread thread;
  private volatile boolean closing;

  /// Like all below, touched by the thread only.
  private List<Map.Entry<String, String>> selectors;

  /// Whether the state has to be read before a watch can go on.
  private boolean listWanted = true;

  /// Whether versions say nothing about those before.
  private boolean otherVersions;

  /// Whether streaming lists are worth a try.
  private boolean streams;

  /// When the present watch or list began to be of use.
  private long usefulSinceNanos;

  private boolean following;
  private long recheckedNanos;

  ResourceWatch(KindSources sources, WatchOutput output, WatchParts parts, RandomGenerator random) {
    this.sources = sources;
    this.output = output;
    this.parts = parts;
    this.random = random;
    WatchPacing pacing = parts.pacing();
    status = new KindStatus(sources.kind(), parts.nanoTime());
    fold = new EventFold(output, status, parts);
    calls = new ApiCalls(parts);
    served = new ServedResources(calls, parts);
    choice = new SourceChoice(sources.resources());
    backoff = new Backoff(pacing.firstDelay(), pacing.longestDelay(), pacing.calmAfter(), random);
    failureLog = new FailureLog(sources.kind(), parts);
    selectors = sources.selectors();
    streams = parts.streamInitialState();
    String name = "watch-" + KindSources.plural(sources.resources().getFirst());
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  KindState state() {
    return status.state();
  }

  /// Whether the start need not wait for this kind for ever.
  boolean optional() {
    return sources.optional();
  }

  /// Gives up a connection on which nothing comes. Called now and then by any other thread.
  void giveUpIfSilent() {
    calls.giveUpIfSilent();
  }

  /// Stops, without waiting.
  void stop() {
    closing = true;
    calls.close();
    thread.interrupt();
  }

  /// Stops, and waits until the last delta was handed on.
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    recheckedNanos = now();
    while (!closing) {
      following = false;
      try {
        step();
      } catch (IOException e) {
        recover(e);
      } catch (InterruptedException e) {
        // Only closing interrupts; the loop sees it.
      } catch (RuntimeException | Error e) {
        output.broken(Thread.currentThread().getName(), e);
        return;
      }
    }
  }

  private long now() {
    return parts.nanoTime().getAsLong();
  }

  private Requests requests(ApiResource resource) {
    return new Requests(resource, selectors, parts, random);
  }

  /// One connection's worth of work.
  private void step() throws IOException, InterruptedException {
    lookForBetter();
    if (listWanted && isUnfilled(choice.present()) && choice.next()) {
      startOver();
    }
    status.reads(choice.present().path());
    if (listWanted) {
      selectors = sources.selectors();
      if (streams && streamState()) {
        return;
      }
      list();
    }
    Requests requests = requests(choice.present());
    Duration silence = parts.pacing().silence();
    try (WatchedBody body = calls.open(requests.watch(fold.version()), silence)) {
      follow(body, reader(body));
    }
  }

  private void list() throws IOException, InterruptedException {
    ListReader.Listed listed;
    try {
      listed = readList();
    } catch (ApiFailure e) {
      if (!e.isFieldUnsupported()) {
        throw e;
      }
      selectors = sources.olderSelectors();
      listed = readList();
    }
    took(listed.draft(), listed.version());
  }

  private ListReader.Listed readList() throws IOException, InterruptedException {
    String version = fold.version().isEmpty() ? "0" : fold.version();
    return new ListReader(requests(choice.present()), calls, parts)
        .read(otherVersions ? "" : version, this::draft);
  }

  private KnownObjects.Draft draft(boolean setBack) {
    return fold.known().draft(otherVersions || setBack);
  }

  private void took(KnownObjects.Draft draft, String version) {
    fold.finish(draft, version);
    listWanted = false;
    otherVersions = false;
    usefulSinceNanos = now();
    choice.proven();
    status.synced();
    output.synced(sources.kind());
    succeeded();
    String path = choice.present().path();
    parts.log().v(2).info("Listed", "resource", path, "objects", fold.known().size());
  }

  /// Gets the state by a watch that begins with it, and goes on with that watch. Returns false if
  /// the server does not do that.
  private boolean streamState() throws IOException, InterruptedException {
    WatchedBody opened;
    try {
      Duration silence = parts.pacing().initialSilence();
      opened = calls.open(requests(choice.present()).streamingList(), silence);
    } catch (ApiFailure e) {
      if (!e.isBadRequest()) {
        throw e;
      }
      noStreams(String.valueOf(e.getMessage()));
      return false;
    }
    try (WatchedBody body = opened) {
      EventReader events = reader(body);
      if (!tookInitial(body, events)) {
        return false;
      }
      body.allowSilence(parts.pacing().silence());
      follow(body, events);
      return true;
    }
  }

  /// Takes the state that a watch begins with. A method of its own, because the draft holds all
  /// objects: a frame that runs for minutes, and only once, would keep them from being collected.
  private boolean tookInitial(WatchedBody body, EventReader events) throws IOException {
    KnownObjects.Draft draft = draft(false);
    return switch (InitialStream.read(events, body, draft)) {
      case InitialStream.Outcome.Complete complete -> {
        took(draft, complete.version());
        yield true;
      }
      case InitialStream.Outcome.Endless endless -> {
        noStreams(endless.why());
        yield false;
      }
    };
  }

  private void noStreams(String why) {
    String path = choice.present().path();
    parts.log().v(2).info("No streaming list", "resource", path, "because", why);
    streams = false;
  }

  private EventReader reader(WatchedBody body) {
    return ApiDecoder.of(body.encoding(), choice.present(), parts.interner()).readEvents(body);
  }

  /// Takes events until the watch ends in order.
  private void follow(WatchedBody body, EventReader events) throws IOException {
    status.watching();
    following = true;
    usefulSinceNanos = now();
    boolean heard = false;
    try {
      Optional<ApiEvent> next = events.next();
      while (next.isPresent() && !closing) {
        fold.take(next.get(), choice.present());
        if (!heard) {
          succeeded();
        }
        heard = true;
        next = events.next();
      }
    } catch (IOException e) {
      throw body.wasSilent()
          ? new IOException("nothing came for " + GoDuration.format(parts.pacing().silence()), e)
          : e;
    }
    if (!heard && !lasted()) {
      throw new IOException("the watch ended at once, without an event");
    }
    succeeded();
  }

  /// Whether the watch or the list before it were of use for a while.
  private boolean lasted() {
    return now() - usefulSinceNanos >= parts.pacing().shortWatch().toNanos();
  }

  private void succeeded() {
    int failures = status.succeeded();
    if (failures > 0) {
      failureLog.recovered(choice.present(), failures);
    }
  }

  /// While only a last resort is read, asks now and then for something better.
  private void lookForBetter() throws IOException, InterruptedException {
    boolean due = now() - recheckedNanos >= parts.pacing().recheckSource().toNanos();
    if (choice.better().isEmpty() || listWanted || !due) {
      return;
    }
    recheckedNanos = now();
    for (ApiResource better : choice.better()) {
      if (!isUnfilled(better) && served.offers(requests(better))) {
        parts.log().info("The API server has it now", "resource", better.path());
        choice.take(better);
        startOver();
        return;
      }
    }
  }

  private boolean isUnfilled(ApiResource resource) throws IOException, InterruptedException {
    return sources.perhapsUnfilled().contains(resource) && !served.fillsSlices();
  }

  private void startOver() {
    listWanted = true;
    otherVersions = true;
    streams = parts.streamInitialState();
  }

  /// Decides what follows from a failure, and waits.
  private void recover(IOException failure) {
    if (closing) {
      return;
    }
    Condition condition = Condition.of(failure);
    boolean useful = lasted();
    try {
      if (lacksResource(failure)) {
        if (choice.next()) {
          startOver();
          return;
        }
        startOver();
        if (sources.optional()) {
          status.absent();
          output.synced(sources.kind());
          sleep(parts.pacing().recheckSource().toNanos());
          return;
        }
      }
      boolean atOnce = plan(failure) && useful;
      int failures = status.failed(condition, String.valueOf(failure.getMessage()));
      if (sources.optional() && condition == Condition.FORBIDDEN) {
        output.synced(sources.kind());
      }
      if (failures % parts.pacing().relistAfterFailures() == 0) {
        listWanted = true;
      }
      long delay = atOnce && failures == 1 ? 0 : delayNanos(failure);
      failureLog.failed(choice.present(), condition, describe(failure), failures, delay);
      sleep(delay);
    } catch (InterruptedException e) {
      // Only closing interrupts; the loop sees it.
    }
  }

  private static String describe(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private boolean lacksResource(IOException failure) throws InterruptedException {
    if (!(failure instanceof ApiFailure refusal)) {
      return false;
    }
    boolean many = sources.resources().size() > 1;
    return switch (refusal.condition()) {
      case NOT_SERVED -> true;
      case FORBIDDEN -> many && isLacking(choice.present());
      case STARTING, CONNECTED, UNREACHABLE, UNAUTHORIZED, THROTTLED, SERVER_ERROR, MALFORMED ->
          false;
    };
  }

  private boolean isLacking(ApiResource resource) throws InterruptedException {
    try {
      return served.lacks(resource);
    } catch (IOException e) {
      return false;
    }
  }

  /// Sets what the next step does. Returns whether it may come at once, if what failed had been of
  /// use for a while.
  private boolean plan(IOException failure) {
    boolean setBack =
        failure instanceof WentBackException
            || (failure instanceof ApiFailure refusal && refusal.isFromTheFuture());
    boolean gone = failure instanceof ApiFailure refusal && refusal.isGone();
    listWanted |= setBack || gone;
    otherVersions |= setBack;
    return gone || (following && !setBack && !(failure instanceof ApiFailure));
  }

  private long delayNanos(IOException failure) {
    long delay = backoff.next(now());
    if (failure instanceof ApiFailure refusal && refusal.retryAfter().isPresent()) {
      Duration longest = parts.pacing().longestRetryAfter();
      long wanted = refusal.retryAfter().get().toNanos();
      return Math.min(Math.max(delay, wanted), longest.toNanos());
    }
    return delay;
  }

  private static void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }
}
