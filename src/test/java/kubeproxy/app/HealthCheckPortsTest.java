package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kubeproxy.engine.HealthCheck;
import kubeproxy.engine.SyncEvent;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;
import kubeproxy.status.HealthCheckServers;
import kubeproxy.status.HealthState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthCheckPortsTest {
  private static final IpFamily FAMILY = IpFamily.IPV4;

  private static SyncEvent synced(NodePortAddresses addresses) {
    NodePlan plan =
        new NodePlan(
            FAMILY,
            new NodeSettings(false, new LocalSource.Unknown(), addresses, List.of()),
            PersistentMap.empty(),
            PersistentMap.empty());
    return new SyncEvent.Synced(
        FAMILY,
        null,
        plan,
        new PlanDelta(Set.of(), false),
        new SyncEvent.SyncReport(1, true, 0, 0, 0));
  }

  private static SyncEvent checks(int port, int endpoints) {
    return new SyncEvent.HealthChecksChanged(
        FAMILY, new TreeMap<>(Map.of(new ObjectKey("ns", "a"), new HealthCheck(port, endpoints))));
  }

  private static int ask(String host, int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + host + ":" + port);
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void followWhatIsInstalled() throws Exception {
    EnumSet<IpFamily> families = EnumSet.of(FAMILY);
    HealthState health = new HealthState(families, Duration.ofMinutes(1), Clock.systemUTC(), true);
    // Held, so that nobody else gets it; listeners may share it.
    try (Socket held = new Socket();
        HealthCheckServers servers =
            new HealthCheckServers(families, health, Clock.systemUTC(), _ -> {}, Logger.SILENT)) {
      held.setReuseAddress(true);
      held.bind(new InetSocketAddress(0));
      int port = held.getLocalPort();
      HealthCheckPorts ports = new HealthCheckPorts(servers);
      ports.on(synced(new NodePortAddresses.Only(List.of(IpAddress.of("127.0.0.2")))));
      ports.on(checks(port, 1));
      assertThat(ask("127.0.0.2", port)).isEqualTo(200);
      assertThatThrownBy(() -> ask("127.0.0.1", port)).isInstanceOf(ConnectException.class);
      ports.on(synced(new NodePortAddresses.AllLocal()));
      ports.on(checks(port, 0));
      assertThat(ask("127.0.0.1", port)).isEqualTo(503);
    }
  }
}
