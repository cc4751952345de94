package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.status.HealthCheckServers.Check;
import kubeproxy.status.HealthCheckServers.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthCheckServersTest {
  private static final EnumSet<IpFamily> BOTH = EnumSet.allOf(IpFamily.class);
  private static final ObjectKey A = new ObjectKey("ns", "a");
  private static final ObjectKey B = new ObjectKey("ns", "b");

  private final ManualClock clock = new ManualClock();
  private final HealthState state = new HealthState(BOTH, Duration.ofMinutes(1), clock, false);
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    client.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private HealthCheckServers servers(Set<IpFamily> families) {
    HealthCheckServers servers =
        new HealthCheckServers(
            families, state, clock, failures::add, Logger.SILENT, Duration.ofMillis(5));
    opened.add(servers);
    return servers;
  }

  /// A port on which nobody listens. It is held until the end of the test, so that nobody else gets
  /// it; who allows that addresses are shared, as servers do, can listen on it all the same.
  private int freePort() throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(0));
    return socket.getLocalPort();
  }

  private static SortedMap<ObjectKey, Check> checks(ObjectKey service, int port, int endpoints) {
    return new TreeMap<>(java.util.Map.of(service, new Check(port, endpoints)));
  }

  private HttpResponse<String> ask(String host, int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/any/path"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> ask(int port) throws IOException, InterruptedException {
    return ask("127.0.0.1", port);
  }

  private void assertRefused(String host, int port) {
    assertThatThrownBy(() -> ask(host, port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void answersByteForByte() throws Exception {
    int port = freePort();
    servers(BOTH).update(IpFamily.IPV4, checks(A, port, 2));
    HttpResponse<String> response = ask(port);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("X-Load-Balancing-Endpoint-Weight")).hasValue("2");
    assertThat(response.body())
        .isEqualTo(
            """
            {
            \t"service": {
            \t\t"namespace": "ns",
            \t\t"name": "a"
            \t},
            \t"localEndpoints": 2,
            \t"serviceProxyHealthy": true
            }\
            """);
    HttpRequest put =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .PUT(BodyPublishers.ofString("x"))
            .build();
    assertThat(client.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  @Test
  void isUnavailableWithoutEndpointsOrWithAProxyThatDoesNotWork() throws Exception {
    int port = freePort();
    HealthCheckServers servers = servers(BOTH);
    servers.update(IpFamily.IPV4, checks(A, port, 0));
    assertThat(ask(port).statusCode()).isEqualTo(503);
    assertThat(ask(port).headers().firstValue("X-Load-Balancing-Endpoint-Weight")).hasValue("0");
    servers.update(IpFamily.IPV4, checks(A, port, 1));
    assertThat(ask(port).statusCode()).isEqualTo(200);
    BOTH.forEach(state::updated);
    state.queued(IpFamily.IPV6);
    clock.advance(Duration.ofMinutes(2));
    assertThat(ask(port).statusCode()).isEqualTo(503);
    assertThat(ask(port).body()).contains("\"serviceProxyHealthy\": false");
    state.updated(IpFamily.IPV6);
    // The node is not eligible for traffic, but that is not the question.
    assertThat(ask(port).statusCode()).isEqualTo(200);
  }

  @Test
  void eachFamilyHasItsOwnEndpoints() throws Exception {
    int port = freePort();
    HealthCheckServers servers = servers(BOTH);
    servers.update(IpFamily.IPV4, checks(A, port, 1));
    assertThat(ask("[::1]", port).statusCode()).isEqualTo(404);
    servers.update(IpFamily.IPV6, checks(A, port, 3));
    assertThat(ask(port).body()).contains("\"localEndpoints\": 1");
    assertThat(ask("[::1]", port).body()).contains("\"localEndpoints\": 3");
    assertThat(failures).isEmpty();
  }

  @Test
  void oneFamilyLeavesTheOtherAlone() throws Exception {
    int port = freePort();
    servers(EnumSet.of(IpFamily.IPV4)).update(IpFamily.IPV4, checks(A, port, 1));
    assertThat(ask(port).statusCode()).isEqualTo(200);
    assertRefused("[::1]", port);
    int other = freePort();
    servers(EnumSet.of(IpFamily.IPV6)).update(IpFamily.IPV6, checks(A, other, 1));
    assertThat(ask("[::1]", other).statusCode()).isEqualTo(200);
    assertThat(ask(other).statusCode()).isEqualTo(404);
  }

  @Test
  void listensOnNodePortAddressesOnly() throws Exception {
    int port = freePort();
    HealthCheckServers servers = servers(BOTH);
    servers.update(IpFamily.IPV4, checks(A, port, 1));
    servers.listenOn(IpFamily.IPV6, new NodePortAddresses.Only(List.of()));
    assertRefused("[::1]", port);
    NodePortAddresses two =
        new NodePortAddresses.Only(List.of(IpAddress.of("127.0.0.2"), IpAddress.of("127.0.0.3")));
    servers.listenOn(IpFamily.IPV4, two);
    assertRefused("127.0.0.1", port);
    assertThat(ask("127.0.0.2", port).statusCode()).isEqualTo(200);
    assertThat(ask("127.0.0.3", port).statusCode()).isEqualTo(200);
    // Now the socket of IPv6 is there for both; what is heard stays the same.
    servers.listenOn(IpFamily.IPV6, new NodePortAddresses.AllLocal());
    assertThat(ask("127.0.0.1", port).statusCode()).isEqualTo(404);
    assertThat(ask("127.0.0.3", port).statusCode()).isEqualTo(200);
    assertThat(failures).isEmpty();
  }

  @Test
  void aFamilyThatIsNotKnownYetIsTakenToBeLikeTheOther() throws Exception {
    int port = freePort();
    HealthCheckServers servers = servers(BOTH);
    servers.listenOn(IpFamily.IPV4, new NodePortAddresses.Only(List.of(IpAddress.of("127.0.0.1"))));
    servers.update(IpFamily.IPV4, checks(A, port, 1));
    assertThat(ask(port).statusCode()).isEqualTo(200);
    assertRefused("127.0.0.2", port);
    assertRefused("[::1]", port);
  }

  @Test
  void followsServices() throws Exception {
    int first = freePort();
    int second = freePort();
    HealthCheckServers servers = servers(BOTH);
    servers.update(IpFamily.IPV4, checks(A, first, 1));
    servers.update(IpFamily.IPV4, checks(A, second, 1));
    assertRefused("127.0.0.1", first);
    assertThat(ask(second).statusCode()).isEqualTo(200);
    servers.update(IpFamily.IPV4, checks(B, second, 1));
    assertThat(ask(second).body()).contains("\"name\": \"b\"");
    servers.update(IpFamily.IPV4, new TreeMap<>());
    assertRefused("127.0.0.1", second);
    servers.update(IpFamily.IPV4, checks(A, first, 1));
    servers.close();
    assertRefused("127.0.0.1", first);
    servers.update(IpFamily.IPV4, checks(A, second, 1));
    assertRefused("127.0.0.1", second);
  }

  @Test
  void slowClientsOfOnePortHurtNoOther() throws Exception {
    int slow = freePort();
    int other = freePort();
    SortedMap<ObjectKey, Check> both = checks(A, slow, 1);
    both.put(B, new Check(other, 1));
    servers(BOTH).update(IpFamily.IPV4, both);
    opened.add(new SlowClients(new InetSocketAddress(InetAddress.getLoopbackAddress(), slow)));
    for (int i = 0; i < 20; i++) {
      try (HttpClient fresh = HttpClient.newHttpClient()) {
        int port = i % 2 == 0 ? slow : other;
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                .timeout(HttpLimits.REQUEST_TIME.dividedBy(2))
                .build();
        assertThat(fresh.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void oneOfTwoServicesHasAPort() throws Exception {
    int port = freePort();
    HealthCheckServers servers = servers(BOTH);
    SortedMap<ObjectKey, Check> both = checks(A, port, 1);
    both.put(B, new Check(port, 2));
    servers.update(IpFamily.IPV4, both);
    assertThat(ask(port).body()).contains("\"name\": \"a\"");
    assertThat(failures).containsExactly(new Failure(B, port, "in use by ns/a"));
    servers.update(IpFamily.IPV4, checks(B, port, 2));
    assertThat(ask(port).body()).contains("\"name\": \"b\"");
  }

  @Test
  void keepsTryingAndSaysSoOnce() throws Exception {
    ServerSocket other = new ServerSocket();
    opened.add(other);
    other.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
    int port = other.getLocalPort();
    HealthCheckServers servers = servers(BOTH);
    servers.update(IpFamily.IPV4, checks(A, port, 1));
    servers.update(IpFamily.IPV4, checks(A, port, 2));
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst().service()).isEqualTo(A);
    assertThat(failures.getFirst().port()).isEqualTo(port);
    assertThat(failures.getFirst().reason())
        .isEqualTo("listen tcp [::]:" + port + ": Address already in use");
    other.close();
    while (true) {
      try {
        assertThat(ask(port).statusCode()).isEqualTo(200);
        break;
      } catch (ConnectException _) {
        Thread.sleep(1);
      }
    }
    assertThat(failures).hasSize(1);
  }
}
