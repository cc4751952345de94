package kubeproxy.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One thread that waits for events of many descriptors and tells their handlers. Everything of it
/// belongs to that thread, but for [#post], [#call], [#load] and [#stop].
///
/// A mistake in a handler costs that handler, not the loop: the flows of others are worth more than
/// a clean end, and nothing is shared between handlers that it could have left half done.
final class EventLoop implements Runnable {
  private static final int EVENTS = 256;
  private static final int COPY_BYTES = 64 << 10;
  private static final int COUNTER_BYTES = 8;
  private static final Duration FAULT_SPACING = Duration.ofSeconds(1);
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LONGEST_WAIT_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final Logger log;
  private final LogLimit faults;
  private final Epoll epoll;
  private final LoopTools tools;
  private final int wake;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final Slots slots = new Slots();
  private final List<Timer> timers = new ArrayList<>();

  private final AtomicInteger load = new AtomicInteger();
  private ArrayDeque<Handler> again = new ArrayDeque<>();
  private ArrayDeque<Handler> resuming = new ArrayDeque<>();
  private long now;
  private volatile boolean stopping;
  private volatile boolean ended;

  /// @param pipes usage of pipes, by all loops
  EventLoop(RelayOptions options, Usage pipes, Reserve reserve) throws KernelException {
    nanoTime = options.nanoTime();
    log = options.log();
    faults = new LogLimit("relay faults", FAULT_SPACING, nanoTime);
    Sockets sockets = new Sockets();
    Streams streams = new Streams(COPY_BYTES);
    tools =
        new LoopTools(
            sockets,
            streams,
            new Pipes(sockets, streams, pipes, reserve),
            new SctpMessages(COPY_BYTES));
    now = nanoTime.getAsLong();
    epoll = new Epoll(EVENTS);
    wake = Libc.eventfd();
    int added = epoll.add(wake, Epoll.EPOLLIN, slots.tag(slots.add(new Wake()), 0));
    if (added < 0) {
      throw new KernelException("epoll_ctl", -added);
    }
  }

  /// The calls to use on this loop.
  LoopTools tools() {
    return tools;
  }

  /// When the events that are being looked at arrived, in nanoseconds of the relay's clock.
  long now() {
    return now;
  }

  /// Gives a handler a number, for [#watch].
  int register(Handler handler) {
    return slots.add(handler);
  }

  /// Takes the number of a handler back.
  void release(int slot) {
    slots.release(slot);
  }

  /// One more than the highest number that a handler ever had.
  int slots() {
    return slots.size();
  }

  /// The handler that has a number now, if any.
  @Nullable Handler handler(int slot) {
    return slots.at(slot);
  }

  /// Adds something that waits for points in time, for ever.
  void addTimer(Timer timer) {
    timers.add(timer);
  }

  /// Begins to watch a descriptor, until it is closed or removed, or the number released.
  ///
  /// @param interest `EPOLL…` flags
  /// @param slot number of the handler
  /// @param side which of its two descriptors this is, 0 or 1
  int watch(int descriptor, int interest, int slot, int side) {
    return epoll.add(descriptor, interest, slots.tag(slot, side));
  }

  /// Ends watching a descriptor that stays open.
  void unwatch(int descriptor) {
    int _ = epoll.remove(descriptor);
  }

  /// Has a handler go on after all others had their turn.
  void again(Handler handler) {
    again.addLast(handler);
  }

  /// Whether this loop has ended and takes nothing new. Any thread may ask.
  boolean hasEnded() {
    return ended;
  }

  /// How many flows this loop has. Any thread may ask.
  int load() {
    return load.get();
  }

  /// Counts flows that were given to this loop, or ended. Any thread may call.
  void addLoad(int flows) {
    load.addAndGet(flows);
  }

  /// Has the loop run something soon. Any thread may call.
  void post(Runnable task) {
    posted.add(task);
    if (ended) {
      runPosted();
    } else if (woken.compareAndSet(false, true)) {
      try {
        Libc.raise(wake);
      } catch (KernelException failure) {
        // Only a counter that is about to overflow or was closed refuses: it is raised, or the
        // loop ends and looks once more.
        log.v(4).info("A relay loop could not be woken", "reason", failure.getMessage());
      }
    }
  }

  /// Has the loop run something, and waits until it has. Any thread but those of loops may call.
  void call(Runnable task) {
    CountDownLatch done = new CountDownLatch(1);
    post(() -> {
      try {
        task.run();
      } finally {
        done.countDown();
      }
    });
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException _) {
        // Loops answer within moments, and what was asked for must not be half done.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the loop soon. Any thread may call.
  void stop() {
    stopping = true;
    post(() -> {});
  }

  @Override
  public void run() {
    while (!stopping) {
      guard(null, this::turn);
    }
    for (Handler handler : slots.all()) {
      guard(null, handler::abandon);
    }
    ended = true;

    runPosted();
    tools.pipes().close();
    tools.sockets().close(epoll.descriptor());
    tools.sockets().close(wake);
  }

  private void turn() {
    int events = epoll.await(waitMillis());
    now = nanoTime.getAsLong();
    if (events < 0 && events != -Errno.EINTR.number()) {
      throw new IllegalStateException("epoll_wait: " + Errno.nameOf(-events));
    }
    for (int i = 0; i < events; i++) {
      long tag = epoll.data(i);
      Handler handler = slots.get(tag);
      if (handler != null) {
        deliver(handler, Slots.side(tag), epoll.flags(i));
      }
    }
    resumeOthers();
    for (Timer timer : timers) {
      if (timer.remaining(now) <= 0) {
        guard(null, () -> timer.run(now));
      }
    }
  }

  // Like guard, but this is called so often that not even a lambda should be made.
  private void deliver(Handler handler, int side, int flags) {
    try {
      handler.ready(side, flags);
    } catch (RuntimeException | Error fault) {
      guard(
          handler,
          () -> {
            throw fault;
          });
    }
  }

  private void resumeOthers() {
    ArrayDeque<Handler> turn = again;
    again = resuming;
    resuming = turn;
    for (Handler handler = turn.poll(); handler != null; handler = turn.poll()) {
      guard(handler, handler::resume);
    }
  }

  private int waitMillis() {
    if (!again.isEmpty()) {
      return 0;
    }
    long wait = LONGEST_WAIT_NANOS;
    for (Timer timer : timers) {
      wait = Math.min(wait, timer.remaining(now));
    }
    // Rounded up: waking too early would only mean waking twice.
    return (int) Math.max(0, (wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }

  private synchronized void runPosted() {
    for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
      guard(null, task);
    }
  }

  private void guard(@Nullable Handler handler, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error fault) {
      log.limited(faults).error(fault, "Relay loop goes on after a fault");
      if (handler != null) {
        guard(null, handler::abandon);
      }
    }
  }

  /// Takes what other threads posted.
  private final class Wake implements Handler {
    @Override
    public void ready(int side, int flags) {
      // The counter first: lowered earlier, the flag could be raised again before the counter is
      // read, which would take that call with it, and nobody would wake this loop any more. What is
      // posted while the flag is still up is run here.
      int _ = tools.streams().read(wake, COUNTER_BYTES);
      woken.set(false);
      runPosted();
    }

    @Override
    public void abandon() {}
  }
}
