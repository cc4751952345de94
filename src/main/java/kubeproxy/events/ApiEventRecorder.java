package kubeproxy.events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sends events to the API server, one after the other, on a thread of its own.
public final class ApiEventRecorder implements EventRecorder, AutoCloseable {
  /// As many as upstream lets wait.
  private static final int MAX_WAITING = 1_000;

  private static final int MAX_TRIES = 12;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);
  private static final Duration LOOK_FOR_DUE = Duration.ofSeconds(30);

  /// How long the end of the process waits for what it still has to say.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final BlockingQueue<Told> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final EventSender sender;
  private final EventSeries series;
  private final Options options;
  private final Logger log;
  private final LogLimit limit;
  private final LongAdder written = new LongAdder();
  private final LongAdder heldBack = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Object idleLock = new Object();
  private long unfinished;
  private @Nullable Thread thread;

  /// An event and when it happened.
  private record Told(ProxyEvent event, Instant at) {}

  /// Who speaks, and by which clocks.
  ///
  /// @param host name of the host, which tells this proxy from others
  /// @param clock times of events
  /// @param nanoTime a monotonic clock in nanoseconds, for the rate limits
  /// @param betweenTries the pause after the server was not there
  public record Options(String host, Clock clock, LongSupplier nanoTime, Duration betweenTries) {

    /// With the usual pause.
    public static Options of(String host, Clock clock, LongSupplier nanoTime) {
      return new Options(host, clock, nanoTime, BETWEEN_TRIES);
    }
  }

  /// A recorder that sends nothing until [#start].
  ///
  /// @param transport stays open when this is closed
  public ApiEventRecorder(ApiTransport transport, Options options, Logger log) {
    this.options = options;
    this.log = log;
    EventJson json = new EventJson("kube-proxy-" + options.host(), options.host());
    sender = new EventSender(transport, json, log);
    series = new EventSeries(options.nanoTime());
    limit = new LogLimit("events", Duration.ofMinutes(1), options.nanoTime());
  }

  /// Begins to send, what was told before too.
  public void start() {
    thread = Thread.ofVirtual().name("events").start(this::run);
  }

  @Override
  public void record(ProxyEvent event) {
    synchronized (idleLock) {
      unfinished++;
    }
    if (!waiting.offer(new Told(event, options.clock().instant()))) {
      dropped.increment();
      finished();
      log.limited(limit).warn("Dropped an event, too many are waiting", "reason", event.reason());
    }
  }

  /// What became of the events so far. Safe for any thread.
  public EventCounts counts() {
    return new EventCounts(written.sum(), heldBack.sum(), dropped.sum(), failed.sum());
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        @Nullable Told told = waiting.poll(LOOK_FOR_DUE.toMillis(), TimeUnit.MILLISECONDS);
        if (told != null) {
          write(told);
          finished();
        }
        for (Occurrence due : series.due(options.clock().instant())) {
          write(due);
        }
      }
    } catch (InterruptedException _) {
      // The recorder is being closed.
    }
  }

  private void write(Told told) throws InterruptedException {
    EventSeries.Decision decision = series.observe(told.event(), told.at());
    if (decision.heldBack()) {
      heldBack.increment();
    }
    if (decision.write().isPresent()) {
      write(decision.write().get());
    }
  }

  private void write(Occurrence occurrence) throws InterruptedException {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      switch (sender.write(occurrence)) {
        case WRITTEN -> {
          written.increment();
          return;
        }
        case REFUSED -> {
          failed.increment();
          return;
        }
        case UNREACHABLE -> Thread.sleep(options.betweenTries());
      }
    }
    failed.increment();
    log.limited(limit).warn("Gave up writing an event", "reason", occurrence.event().reason());
  }

  private void finished() {
    synchronized (idleLock) {
      unfinished--;
      idleLock.notifyAll();
    }
  }

  /// Waits until everything that was told is written or given up.
  ///
  /// @return false if that took longer than `patience`
  public boolean flush(Duration patience) throws InterruptedException {
    long deadline = options.nanoTime().getAsLong() + patience.toNanos();
    synchronized (idleLock) {
      while (unfinished > 0) {
        long left = deadline - options.nanoTime().getAsLong();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(idleLock, left);
      }
    }
    return true;
  }

  /// Ends the thread, after a moment for what is still waiting.
  @Override
  public void close() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      flush(LAST_WORDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    running.interrupt();
  }
}
