package kubeproxy.apiclient;

import static kubeproxy.apiclient.ClientSetting.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.testing.TestAuthority;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProxyTest {
  @TempDir Path folder;
  private ClientSetting setting;

  @BeforeEach
  void start() {
    setting = new ClientSetting(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example:6443, '', true",
    "https://api.example:6443, '*', false",
    "https://api.example:6443, example, false",
    "https://api.example:6443, .example, false",
    "https://api.example:6443, '*.example', false",
    "https://API.example:6443, ' other , Api.Example ', false",
    "https://api.example:6443, .api.example, true",
    "https://api.example:6443, pi.example, true",
    "https://api.example:6443, api.example:6443, false",
    "https://api.example:6443, api.example:443, true",
    "https://api.example, api.example:443, false",
    "http://api.example, example:80, false",
    "https://10.1.2.3:6443, 10.1.2.3, false",
    "https://10.1.2.3:6443, 10.1.2.4, true",
    "https://10.1.2.3:6443, 10.1.2.3:6443, false",
    "https://10.1.2.3:6443, 10.1.2.3:1, true",
    "https://10.1.2.3:6443, 10.1.0.0/16, false",
    "https://10.1.2.3:6443, 10.2.0.0/16, true",
    "https://10.1.2.3:6443, '10.1.0.0/33,10.1.0.0/x,x/8,:80,', true",
    "https://10.1.2.3:6443, '10.1.2.0/30', false",
    "https://10.1.2.4:6443, '10.1.2.0/30', true",
    "https://10.1.2.3:6443, 'fd00::/8', true",
    "https://[fd00::1]:6443, 'fd00::/8', false",
    "https://[fd00::1]:6443, 'fd00::1', false",
    "https://[fd00::1]:6443, '[fd00::1]:6443', false",
    "https://[fd00::1]:6443, '[fd00::1]:1', true",
    "https://localhost:6443, '', false",
    "https://127.1.2.3:6443, '', false",
    "https://[::1]:6443, '', false",
  })
  void followsTheRulesOfGo(String server, String exempt, boolean proxied) throws Exception {
    setting.environment.put("https_proxy", "http://low:1");
    setting.environment.put("HTTP_PROXY", "plain");
    setting.environment.put("no_proxy", exempt);
    assertThat(new ProxyRules(setting.surroundings()).proxyFor(URI.create(server)))
        .map(ProxyAddress::url)
        .isEqualTo(
            proxied
                ? Optional.of(server.startsWith("https") ? "http://low:1" : "http://plain:80")
                : Optional.empty());
  }

  @Test
  void upperCaseWinsAndOthersAreRefused() throws Exception {
    URI server = URI.create("https://api.example");
    setting.environment.put("https_proxy", "http://low:1");
    setting.environment.put("HTTPS_PROXY", "http://UP:2");
    setting.environment.put("NO_PROXY", "none");
    setting.environment.put("no_proxy", "*");
    assertThat(new ProxyRules(setting.surroundings()).proxyFor(server))
        .hasValueSatisfying(proxy -> assertThat(proxy.port()).isEqualTo(2));
    setting.environment.put("HTTPS_PROXY", "socks5://u:s3cr3t@x");
    assertThatThrownBy(() -> new ProxyRules(setting.surroundings()).proxyFor(server))
        .isInstanceOf(ClientConfigException.class)
        .hasMessage(
            "environment: HTTPS_PROXY: proxies of scheme \"socks5\" are not supported, only"
                + " \"http\" is");
  }

  @Test
  void goesThroughTheProxyOfTheKubeconfig() throws Exception {
    TestAuthority authority = new TestAuthority("authority");
    try (Tunnel tunnel = new Tunnel();
        TlsServer server = TlsServer.start(authority, authority.issue("x", "api.invalid"), 0)) {
      tunnel.target = server.port();
      Path kubeconfig =
          setting.kubeconfig(
              "server: https://api.invalid:6443\ncertificate-authority-data: "
                  + base64(authority.pem())
                  + "\nproxy-url: http://me:pw@127.0.0.1:"
                  + tunnel.port(),
              "token: abc");
      // In a process of its own, because others of this one had HTTP clients before.
      ProgramCall call =
          ProgramCall.of(
              Duration.ofSeconds(50),
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              OneRequest.class.getName(),
              kubeconfig.toString());
      assertThat(Programs.ofHost().run(call)).isEqualTo(new ProgramEnd.Exited(0, "200 ok", ""));
      assertThat(tunnel.heads).hasSize(1);
      assertThat(tunnel.heads.getFirst())
          .startsWith("CONNECT api.invalid:6443 HTTP/1.1\r\n")
          .contains("Proxy-Authorization: Basic " + base64("me:pw") + "\r\n")
          .doesNotContain("abc");
      assertThat(server.last().header("Proxy-Authorization")).isEmpty();
      assertThat(server.last().header("Authorization")).isEqualTo("Bearer abc");
      tunnel.status = "502 Bad Gateway";
      try (ApiTransport transport = setting.open(kubeconfig)) {
        assertThatThrownBy(() -> ClientSetting.get(transport))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith(
                "API server https://api.invalid:6443 by proxy http://127.0.0.1:" + tunnel.port())
            .hasMessageContaining("502")
            .hasMessageNotContaining("pw");
      }
    }
  }

  /// A proxy for tunnels, which all lead to one port of loopback.
  private static final class Tunnel implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile int target;
    private volatile String status = "200 OK";

    Tunnel() throws IOException {
      Future<?> _ =
          threads.submit(() -> {
            while (true) {
              Socket client = listener.accept();
              Future<?> _ = threads.submit(() -> serve(client));
            }
          });
    }

    int port() {
      return listener.getLocalPort();
    }

    private Void serve(Socket client) throws IOException {
      StringBuilder head = new StringBuilder();
      InputStream in = client.getInputStream();
      while (!head.toString().endsWith("\r\n\r\n")) {
        head.append((char) in.read());
      }
      heads.add(head.toString());
      client
          .getOutputStream()
          .write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      if (!status.startsWith("200")) {
        client.close();
        return null;
      }
      Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target);
      Future<?> _ = threads.submit(() -> pump(server, client));
      return pump(client, server);
    }

    private static Void pump(Socket from, Socket to) throws IOException {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        in.transferTo(out);
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      listener.close();
      threads.shutdownNow();
    }
  }
}
