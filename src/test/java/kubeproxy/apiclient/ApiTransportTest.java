package kubeproxy.apiclient;

import static kubeproxy.apiclient.ClientSetting.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import kubeproxy.testing.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiTransportTest {
  @TempDir Path folder;

  private final TestAuthority authority = new TestAuthority("authority");
  private ClientSetting setting;
  private TlsServer server;

  @BeforeEach
  void start() throws IOException {
    setting = new ClientSetting(folder);
    server = TlsServer.start(authority);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String cluster() {
    return "server: " + server.url() + "\ncertificate-authority-data: " + base64(authority.pem());
  }

  @Test
  void sendsWhatWasAskedForOverTls() throws Exception {
    Path kubeconfig = setting.kubeconfig(cluster(), "token: abc");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      ApiRequest request =
          ApiRequest.get("/api/v1/services")
              .with("labelSelector", "!service.kubernetes.io/service-proxy-name")
              .with("fieldSelector", "spec.clusterIP!=None")
              .with("continue", "a+b/c= &\u00e9")
              .accepting("application/vnd.kubernetes.protobuf,application/json");
      try (ApiResponse answer = transport.send(request)) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-LENGTH")).contains("2");
        assertThat(answer.body().readAllBytes()).asString().isEqualTo("ok");
        assertThat(answer.body().read()).isEqualTo(-1);
      }
    }
    assertThat(server.last().line())
        .isEqualTo(
            "GET /api/v1/services"
                + "?labelSelector=%21service.kubernetes.io%2Fservice-proxy-name"
                + "&fieldSelector=spec.clusterIP%21%3DNone"
                + "&continue=a%2Bb%2Fc%3D%20%26%C3%A9");
    assertThat(server.last().header("Authorization")).isEqualTo("Bearer abc");
    assertThat(server.last().header("User-Agent")).isEqualTo("kube-proxy/v1 (linux/amd64)");
    assertThat(server.last().header("Accept"))
        .isEqualTo("application/vnd.kubernetes.protobuf,application/json");
  }

  @Test
  void sendsABodyAndTheUserToActFor() throws Exception {
    Path kubeconfig =
        setting.kubeconfig(cluster(), "username: me\npassword: pw\nas: other\nas-groups: [a, b]");
    try (ApiTransport transport = setting.open(kubeconfig);
        ApiResponse answer =
            transport.send(ApiRequest.post("/apis/x", RequestBody.json("{\"a\":\"\u00e9\"}")))) {
      assertThat(answer.status()).isEqualTo(200);
    }
    assertThat(server.last().line()).isEqualTo("POST /apis/x");
    assertThat(server.last().body()).isEqualTo("{\"a\":\"\u00e9\"}");
    assertThat(server.last().header("Content-Type")).isEqualTo("application/json");
    assertThat(server.last().header("Authorization")).isEqualTo("Basic " + base64("me:pw"));
    assertThat(server.last().header("Impersonate-User")).isEqualTo("other");
    assertThat(server.last().headers().get("Impersonate-Group")).containsExactly("a", "b");
  }

  @Test
  void goesBelowThePathOfTheServer() throws Exception {
    Path kubeconfig =
        setting.kubeconfig(cluster().replace(server.url(), server.url() + "/k8s/c-1/"), "{}");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      ClientSetting.get(transport);
    }
    assertThat(server.last().line()).isEqualTo("GET /k8s/c-1/x");
  }

  @Test
  void sendsNoCredentialsWithoutTls() throws Exception {
    try (TlsServer plain = TlsServer.plain()) {
      Path kubeconfig = setting.kubeconfig("server: " + plain.url(), "token: abc");
      try (ApiTransport transport = setting.open(kubeconfig)) {
        assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      }
      assertThat(plain.last().header("Authorization")).isEmpty();
      try (ApiTransport transport =
          setting.open(Optional.empty(), Optional.of("127.0.0.1:" + plain.port()))) {
        assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      }
    }
  }

  @Test
  void masterReplacesTheServerOfTheFile() throws Exception {
    Path kubeconfig =
        setting.kubeconfig(cluster().replace(server.url(), "https://nowhere.invalid"), "token: t");
    try (ApiTransport transport =
        setting.open(Optional.of(kubeconfig), Optional.of(server.url()))) {
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
    assertThat(server.last().header("Authorization")).isEqualTo("Bearer t");
  }

  @Test
  void takesCompressedAnswersExceptOfWatches() throws Exception {
    String text = "abcdefgh".repeat(100_000);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    server.answerWith(exchange -> {
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Accept-Encoding"))) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, 0);
        compressed.writeTo(exchange.getResponseBody());
        exchange.close();
      } else {
        TlsServer.answer(exchange, 200, "plain");
      }
    });
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "{}"))) {
      assertThat(ClientSetting.get(transport)).isEqualTo("200 " + text);
      assertThat(setting.eventsOf(ClientEvent.Received.class).getLast().bytes())
          .isEqualTo(text.length());
      try (ApiResponse watch = transport.send(ApiRequest.get("/x").asLongRunning())) {
        assertThat(watch.body().readAllBytes()).asString().isEqualTo("plain");
      }
    }
    Path uncompressed = setting.kubeconfig(cluster() + "\ndisable-compression: true", "{}");
    try (ApiTransport transport = setting.open(uncompressed)) {
      assertThat(ClientSetting.get(transport)).isEqualTo("200 plain");
    }
  }

  @Test
  void doesNotTrustTheCertificatesOfOthers() throws Exception {
    String other = base64(new TestAuthority("other").pem());
    Path kubeconfig =
        setting.kubeconfig(
            "server: " + server.url() + "\ncertificate-authority-data: " + other, "token: abc");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "API server %s: its certificate is not signed by an authority in kubeconfig %s:"
                  + " clusters[0].cluster.certificate-authority-data",
              server.url(), kubeconfig);
    }
    assertThat(server.seen()).isEmpty();
    assertThat(setting.eventsOf(ClientEvent.Failed.class)).hasSize(1);
  }

  @Test
  void doesNotTrustACertificateForAnotherName() throws Exception {
    try (TlsServer named = TlsServer.start(authority, authority.issue("x", "api.example"), 0)) {
      String cluster = cluster().replace(server.url(), named.url());
      try (ApiTransport transport = setting.open(setting.kubeconfig(cluster, "{}"))) {
        assertThatThrownBy(() -> ClientSetting.get(transport))
            .hasMessageContaining("its certificate is not for 127.0.0.1");
      }
      assertThat(named.seen()).isEmpty();
      for (String name : new String[] {"api.example", "other.example", "10.0.0.1"}) {
        Path renamed = setting.kubeconfig(cluster + "\ntls-server-name: " + name, "{}");
        try (ApiTransport transport = setting.open(renamed)) {
          if (name.equals("api.example")) {
            assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
          } else {
            assertThatThrownBy(() -> ClientSetting.get(transport))
                .hasMessageContaining("its certificate is not for " + name);
          }
        }
      }
      // The name of the address does not make up for the one that is asked for.
      String byName =
          cluster().replace("127.0.0.1", "localhost") + "\ntls-server-name: api.example";
      try (ApiTransport transport = setting.open(setting.kubeconfig(byName, "{}"))) {
        assertThatThrownBy(() -> ClientSetting.get(transport))
            .hasMessageContaining("its certificate is not for api.example");
      }
      String insecure = "server: " + named.url() + "\ninsecure-skip-tls-verify: true";
      try (ApiTransport transport = setting.open(setting.kubeconfig(insecure, "{}"))) {
        assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
      }
    }
  }

  @Test
  void doesNotTrustAnExpiredCertificate() throws Exception {
    Instant past = Instant.now().minusSeconds(60);
    try (TlsServer old =
        TlsServer.start(authority, authority.issue("EC", "x", past, "127.0.0.1"), 0)) {
      String cluster = cluster().replace(server.url(), old.url());
      try (ApiTransport transport = setting.open(setting.kubeconfig(cluster, "{}"))) {
        assertThatThrownBy(() -> ClientSetting.get(transport)).hasMessageContaining("has expired");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void showsItsCertificate(String algorithm) throws Exception {
    TestAuthority.Issued client =
        authority.issue(algorithm, "node", Instant.now().plusSeconds(3600));
    setting.write("pki/client.pem", client.certificatePem() + client.keyPem());
    Path kubeconfig =
        setting.kubeconfig(
            cluster(), "client-certificate: pki/client.pem\nclient-key: pki/client.pem");
    try (ApiTransport transport = setting.open(kubeconfig)) {
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ok");
    }
    assertThat(server.last().client()).isEqualTo("CN=node");
    assertThat(setting.eventsOf(ClientEvent.CertificateUsed.class))
        .containsExactly(
            new ClientEvent.CertificateUsed(
                client.certificate().getNotAfter().toInstant(), Optional.empty()));
  }

  @Test
  void leavesOtherStatusesToTheCaller() throws Exception {
    server.answerWith(exchange -> {
      exchange.getResponseHeaders().set("Retry-After", "7");
      TlsServer.answer(exchange, 429, "");
    });
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "{}"));
        ApiResponse answer = transport.send(ApiRequest.get("/x"))) {
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.header("Retry-After")).contains("7");
    }
    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void holdsRequestsBackButNoWatches() throws Exception {
    setting.qps = 4;
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "{}"))) {
      for (int i = 0; i < 3; i++) {
        ClientSetting.get(transport);
        transport.send(ApiRequest.get("/w").asLongRunning()).close();
      }
    }
    assertThat(setting.pauses).containsExactly(Duration.ofMillis(250));
    assertThat(setting.eventsOf(ClientEvent.Admitted.class))
        .extracting(ClientEvent.Admitted::waited)
        .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofMillis(250));
  }

  @Test
  void tellsOfRequests() throws Exception {
    try (ApiTransport transport = setting.open(setting.kubeconfig(cluster(), "{}"));
        ApiResponse answer =
            transport.send(ApiRequest.patch("/x", new RequestBody("text/plain", "abc")))) {
      assertThat(answer.body().readAllBytes()).hasSize(2);
    }
    String host = "127.0.0.1:" + server.port();
    assertThat(setting.events)
        .containsExactly(
            new ClientEvent.Answered("PATCH", host, 200, 3, Duration.ZERO),
            new ClientEvent.Received("PATCH", host, 2));
  }
}
