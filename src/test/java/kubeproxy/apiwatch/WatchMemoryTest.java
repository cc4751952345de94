package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.logging.Logger;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Problem;
import kubeproxy.testing.api.FakeApiServer;
import kubeproxy.testing.api.LiveApi;
import kubeproxy.testing.api.ModelTree;
import kubeproxy.testing.api.ObjectStore;
import kubeproxy.testing.api.PlainTransport;
import org.junit.jupiter.api.Test;

/// Of what was handed on, only names and versions are kept.
class WatchMemoryTest {
  private static final int SERVICES = 50;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// Forgets what it is given, but notices whether somebody else has not.
  private static final class Forgetful implements ClusterSink {
    private final List<WeakReference<ClusterObject>> given = new ArrayList<>();

    @Override
    public synchronized void put(ClusterDelta delta) {
      for (var change : delta.changes().values()) {
        change.ifPresent(object -> given.add(new WeakReference<>(object)));
      }
    }

    @Override
    public void markSynced() {}

    @Override
    public void ignored(Problem problem) {}

    synchronized long alive() {
      return given.stream().filter(reference -> reference.get() != null).count();
    }

    synchronized int count() {
      return given.size();
    }
  }

  @Test
  void objectsAreNotKept() throws IOException, InterruptedException {
    ObjectStore store = new ObjectStore();
    for (int i = 0; i < SERVICES; i++) {
      store.put(ModelTree.of(Follower.service("service-" + i, 80)));
    }
    Forgetful sink = new Forgetful();
    try (FakeApiServer server = FakeApiServer.start(new LiveApi(store));
        ApiTransport transport = new PlainTransport(server.address());
        ClusterSource source =
            new ClusterSource(
                transport,
                ClusterOptions.standard("node").withPacing(Follower.hurried()),
                sink,
                new ClusterSource.Environment(1, System::nanoTime, Logger.SILENT, (_, _) -> {}))) {
      source.start();
      for (int i = 0; i < SERVICES; i++) {
        store.put(ModelTree.of(Follower.service("service-" + i, 81)));
      }
      // one that is still on the stack of a watch cannot be told from one that is kept
      store.put(ModelTree.of(Follower.service("last", 1)));
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while ((sink.count() <= SERVICES || sink.alive() > 1) && System.nanoTime() < deadline) {
        System.gc();
        TimeUnit.MILLISECONDS.sleep(20);
      }

      assertThat(sink.count()).isGreaterThan(SERVICES);
      assertThat(sink.alive()).isLessThanOrEqualTo(1);
    }
  }
}
