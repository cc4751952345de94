package kubeproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.testing.RecordingLogger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopTest {

  @Test
  void faultOfAHandlerCostsThatHandlerOnly() throws KernelException, InterruptedException {
    RecordingLogger log = new RecordingLogger();
    EventLoop loop = loop(log);
    Thread thread = Thread.ofPlatform().start(loop);
    int event = Libc.eventfd();
    AtomicInteger faults = new AtomicInteger();
    AtomicInteger abandoned = new AtomicInteger();
    loop.call(() -> {
      Handler faulty =
          new Handler() {
            @Override
            public void ready(int side, int flags) {
              faults.incrementAndGet();
              throw new IllegalStateException("faulty");
            }

            @Override
            public void abandon() {
              abandoned.incrementAndGet();
              loop.unwatch(event);
              throw new IllegalStateException("faulty to the end");
            }
          };
      assertThat(loop.watch(event, Epoll.EPOLLIN, loop.register(faulty), 0)).isZero();
    });
    Libc.raise(event);
    RelayFixture.eventually(() -> abandoned.get() == 1, abandoned::get);
    loop.call(() -> {
      throw new IllegalStateException("faulty task");
    });
    AtomicInteger alive = new AtomicInteger();
    loop.call(alive::incrementAndGet);
    assertThat(alive.get()).isEqualTo(1);
    assertThat(faults.get()).isEqualTo(1);
    assertThat(log.lines()).hasSize(3).allMatch(line -> line.contains("fault"));
    loop.stop();
    thread.join();
    loop.call(alive::incrementAndGet);
    assertThat(alive.get()).isEqualTo(2);
    Libc.close(event);
  }

  @Test
  void everythingPostedIsRunHoweverManyPost() throws KernelException, InterruptedException {
    EventLoop loop = loop(new RecordingLogger());
    Thread thread = Thread.ofPlatform().daemon().start(loop);
    List<Thread> callers = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      callers.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (int k = 0; k < 100_000; k++) {
                  loop.post(done::incrementAndGet);
                  Thread.onSpinWait();
                }
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    RelayFixture.eventually(() -> done.get() == 300_000, done::get);
    loop.stop();
    thread.join();
  }

  @Test
  void eventOfADescriptorThatIsStillOpenElsewhereReachesNobodyElse()
      throws KernelException, InterruptedException {
    EventLoop loop = loop(new RecordingLogger());
    Thread thread = Thread.ofPlatform().daemon().start(loop);
    List<Integer> heard = new CopyOnWriteArrayList<>();
    int stale = Libc.eventfd();
    int own = Libc.eventfd();
    loop.call(() -> {
      int slot = loop.register(new Listening(heard));
      assertThat(loop.watch(stale, Epoll.EPOLLIN, slot, 0)).isZero();
      // Its owner is done with it, but a forked process would keep the kernel watching.
      loop.release(slot);
    });
    loop.call(() -> {
      int slot = loop.register(new Listening(heard));
      assertThat(loop.watch(own, Epoll.EPOLLIN | Epoll.EPOLLET, slot, 1)).isZero();
    });
    Libc.raise(stale);
    Libc.raise(own);
    RelayFixture.eventually(() -> !heard.isEmpty(), () -> heard);
    loop.call(() -> loop.unwatch(stale));
    loop.stop();
    thread.join();
    assertThat(heard).containsExactly(1);
    Libc.close(stale);
    Libc.close(own);
  }

  /// Writes down which side it heard of.
  private record Listening(List<Integer> heard) implements Handler {
    @Override
    public void ready(int side, int flags) {
      heard.add(side);
    }

    @Override
    public void abandon() {}
  }

  private static EventLoop loop(RecordingLogger log) throws KernelException {
    return new EventLoop(
        new RelayOptions(
            RelayLimits.DEFAULT, Duration.ofSeconds(1), System::nanoTime, new Random(1), log),
        new Usage(1),
        new Reserve());
  }
}
