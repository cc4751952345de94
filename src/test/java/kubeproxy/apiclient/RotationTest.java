package kubeproxy.apiclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kubeproxy.testing.TestAuthority;
import kubeproxy.testing.TestAuthority.Issued;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that change while a client is in use.
@Timeout(60)
class RotationTest {
  private static final Duration CHECK = Duration.ofSeconds(10);

  @TempDir Path folder;

  private final TestAuthority authority = new TestAuthority("authority");
  private ClientSetting setting;
  private TlsServer server;

  @BeforeEach
  void start() throws IOException {
    setting = new ClientSetting(folder);
    server = TlsServer.start(authority);
    setting.write("ca.crt", authority.pem());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String cluster() {
    return "server: " + server.url() + "\ncertificate-authority: ca.crt";
  }

  private void acceptOnly(String token) {
    server.answerWith(exchange -> {
      String sent = exchange.getRequestHeaders().getFirst("Authorization");
      boolean right = ("Bearer " + token).equals(sent);
      TlsServer.answer(exchange, right ? 200 : 401, right ? "ok" : "no");
    });
  }

  @Test
  void readsTheTokenAgainAfterAMinute() throws Exception {
    setting.write("token", "one\n");
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "tokenFile: token"))) {
      ClientSetting.get(transport);
      setting.write("token", "two\n");
      setting.advance(Duration.ofSeconds(49));
      ClientSetting.get(transport);
      setting.advance(Duration.ofSeconds(1));
      ClientSetting.get(transport);
    }
    assertThat(server.seen())
        .extracting(seen -> seen.header("Authorization"))
        .containsExactly("Bearer one", "Bearer one", "Bearer two");
  }

  @Test
  void readsTheTokenAgainWhenItIsRefused() throws Exception {
    setting.write("token", "one");
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "tokenFile: token"))) {
      acceptOnly("one");
      ClientSetting.get(transport);
      setting.write("token", "two");
      acceptOnly("two");
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      assertThat(server.seen()).hasSize(3);
      // With nothing newer there is no second attempt.
      acceptOnly("three");
      assertThat(ClientSetting.get(transport)).isEqualTo("401 no");
      assertThat(server.seen()).hasSize(4);
    }
  }

  @Test
  void keepsTheTokenWhileTheFileIsGone() throws Exception {
    Path token = setting.write("token", "one");
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "tokenFile: token"))) {
      ClientSetting.get(transport);
      Files.delete(token);
      setting.advance(Duration.ofMinutes(2));
      ClientSetting.get(transport);
      setting.write("token", " \n");
      setting.advance(Duration.ofMinutes(2));
      ClientSetting.get(transport);
    }
    assertThat(server.seen())
        .extracting(seen -> seen.header("Authorization"))
        .containsOnly("Bearer one");
    assertThat(setting.eventsOf(ClientEvent.TokenRead.class))
        .extracting(ClientEvent.TokenRead::succeeded)
        .containsExactly(true, false, false);
  }

  @Test
  void aTokenFileThatNeverWasThereFailsTheRequest() throws Exception {
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "tokenFile: t"))) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .isInstanceOf(IOException.class)
          .hasMessage("token file " + folder.resolve("t") + ": no such file");
      setting.write("t", "late");
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
  }

  private void writeClient(Issued issued) throws IOException {
    setting.write("client.crt", issued.certificatePem());
    setting.write("client.key", issued.keyPem());
  }

  @Test
  void newConnectionsShowTheNewCertificate() throws Exception {
    Issued first = authority.issue("first");
    Issued second = authority.issue("second");
    writeClient(first);
    Path kubeconfig =
        setting.kubeconfig(cluster(), "client-certificate: client.crt\nclient-key: client.key");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      ClientSetting.get(transport);
      // The certificate alone, as in the middle of a rotation, does not fit the key.
      setting.write("client.crt", second.certificatePem());
      setting.advance(CHECK);
      ClientSetting.get(transport);
      setting.write("client.key", second.keyPem());
      setting.advance(CHECK);
      ClientSetting.get(transport);
    }
    assertThat(server.seen())
        .extracting(TlsServer.Seen::client)
        .containsExactly("CN=first", "CN=first", "CN=second");
    assertThat(setting.eventsOf(ClientEvent.Reconfigured.class)).hasSize(1);
    assertThat(setting.eventsOf(ClientEvent.CertificateUsed.class)).hasSize(2);
  }

  @Test
  void answersUnderWayOutliveARotation() throws Exception {
    Issued first = authority.issue("first");
    writeClient(first);
    Path kubeconfig =
        setting.kubeconfig(cluster(), "client-certificate: client.crt\nclient-key: client.key");
    StreamAnswer stream = new StreamAnswer();
    server.answerWith(stream);
    try (ApiTransport transport = setting.open(kubeconfig);
        ApiResponse watch = transport.send(ApiRequest.get("/w").asLongRunning())) {
      stream.send("one");
      assertThat(watch.body().readNBytes(3)).asString().isEqualTo("one");
      writeClient(authority.issue("second"));
      setting.advance(CHECK);
      server.answerWith(exchange -> TlsServer.answer(exchange, 200, "ok"));
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      assertThat(server.last().client()).isEqualTo("CN=second");
      stream.send("two");
      assertThat(watch.body().readNBytes(3)).asString().isEqualTo("two");
      stream.end();
      assertThat(watch.body().read()).isEqualTo(-1);
    }
  }

  @Test
  void trustsTheNewAuthority() throws Exception {
    TestAuthority next = new TestAuthority("next");
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "{}"))) {
      ClientSetting.get(transport);
      int port = server.port();
      server.close();
      server = TlsServer.start(next, next.issue("server", "127.0.0.1"), port);
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .hasMessageContaining("not signed by an authority in file " + folder.resolve("ca.crt"));
      setting.write("ca.crt", "nothing of use");
      setting.advance(CHECK);
      assertThatThrownBy(() -> ClientSetting.get(transport)).isInstanceOf(IOException.class);
      setting.write("ca.crt", authority.pem() + next.pem());
      setting.advance(CHECK);
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
  }

  @Test
  void followsTheKubeconfigItself() throws Exception {
    try (TlsServer other = TlsServer.start(authority);
        ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "token: one"))) {
      ClientSetting.get(transport);
      setting.kubeconfig(cluster().replace(server.url(), other.url()), "token: two");
      setting.advance(CHECK);
      ClientSetting.get(transport);
      setting.write("config", "current-context: [");
      setting.advance(CHECK);
      ClientSetting.get(transport);
      assertThat(server.seen()).hasSize(1);
      assertThat(other.seen())
          .extracting(seen -> seen.header("Authorization"))
          .containsExactly("Bearer two", "Bearer two");
    }
  }

  @Test
  void readsEverythingAgainWhenRefused() throws Exception {
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "token: one"))) {
      acceptOnly("two");
      setting.kubeconfig(cluster(), "token: two");
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
  }

  @Test
  void inAPodTokenAndAuthorityAreFiles() throws Exception {
    setting.environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    setting.environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(server.port()));
    setting.write("serviceaccount/token", "pod");
    setting.write("serviceaccount/ca.crt", authority.pem());
    try (ApiTransport transport = setting.open(Optional.empty(), Optional.empty())) {
      acceptOnly("pod");
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      setting.write("serviceaccount/token", "next");
      acceptOnly("next");
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
  }

  @Test
  void anExpiredClientCertificateIsNotAnErrorOfOurs() throws Exception {
    writeClient(authority.issue("EC", "old", Instant.now().minusSeconds(5)));
    Path kubeconfig =
        setting.kubeconfig(cluster(), "client-certificate: client.crt\nclient-key: client.key");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      assertThatThrownBy(() -> ClientSetting.get(transport)).isInstanceOf(IOException.class);
      writeClient(authority.issue("fresh"));
      setting.advance(CHECK);
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
  }
}
