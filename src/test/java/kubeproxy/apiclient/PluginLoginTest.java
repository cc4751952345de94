package kubeproxy.apiclient;

import static kubeproxy.apiclient.ClientSetting.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import kubeproxy.apiclient.ClientEvent.PluginStatus;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.testing.TestAuthority;
import kubeproxy.testing.TestAuthority.Issued;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Credential plugins are real programs here.
@Timeout(60)
class PluginLoginTest {
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

  private Path kubeconfig(String exec) throws IOException {
    return setting.kubeconfig(
        "server: " + server.url() + "\ncertificate-authority: ca.crt", "exec:\n" + exec.indent(2));
  }

  private Path kubeconfig() throws IOException {
    return kubeconfig(
        """
        apiVersion: client.authentication.k8s.io/v1
        command: ./plugin
        interactiveMode: IfAvailable
        """);
  }

  private void plugin(String script) throws IOException {
    Path file = setting.write("plugin", "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /// A plugin that prints a status and counts its calls.
  private void plugin(String version, String status) throws IOException {
    setting.write(
        "answer",
        "{\"kind\": \"ExecCredential\",\t\"apiVersion\": \"client.authentication.k8s.io/"
            + version
            + "\", \"status\": {"
            + status
            + "}}");
    plugin("echo x >> " + folder + "/calls; cat " + folder + "/answer");
  }

  private int calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls")).size();
  }

  @Test
  void sendsTheTokenAndKeepsIt() throws Exception {
    plugin("v1", "\"token\": \"abc\"");
    try (ApiTransport transport = setting.open(kubeconfig())) {
      ClientSetting.get(transport);
      setting.advance(Duration.ofDays(100));
      ClientSetting.get(transport);
    }
    assertThat(server.seen())
        .extracting(seen -> seen.header("Authorization"))
        .containsExactly("Bearer abc", "Bearer abc");
    assertThat(calls()).isEqualTo(1);
    assertThat(setting.eventsOf(ClientEvent.PluginCalled.class))
        .containsExactly(new ClientEvent.PluginCalled(0, PluginStatus.NO_ERROR, Optional.empty()));
  }

  @Test
  void asksAgainWhenTheTokenExpires() throws Exception {
    String until = setting.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString();
    plugin("v1", "\"token\": \"abc\", \"expirationTimestamp\": \"" + until + "\"");
    try (ApiTransport transport = setting.open(kubeconfig())) {
      ClientSetting.get(transport);
      setting.advance(Duration.ofSeconds(58));
      ClientSetting.get(transport);
      assertThat(calls()).isEqualTo(1);
      setting.advance(Duration.ofSeconds(2));
      ClientSetting.get(transport);
      assertThat(calls()).isEqualTo(2);
    }
  }

  @Test
  void asksAgainWhenTheTokenIsRefused() throws Exception {
    plugin("v1", "\"token\": \"abc\"");
    try (ApiTransport transport = setting.open(kubeconfig())) {
      ClientSetting.get(transport);
      plugin("v1", "\"token\": \"def\"");
      server.answerWith(exchange -> {
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        TlsServer.answer(exchange, "Bearer def".equals(sent) ? 200 : 401, "x");
      });
      assertThat(ClientSetting.get(transport)).isEqualTo("200 x");
      assertThat(calls()).isEqualTo(2);
      // A plugin that fails then leaves the refusal to the caller.
      plugin("exit 3");
      server.answerWith(exchange -> TlsServer.answer(exchange, 401, "no"));
      assertThat(ClientSetting.get(transport)).isEqualTo("401 no");
    }
  }

  @Test
  void showsTheCertificate() throws Exception {
    Issued first = authority.issue("first");
    plugin("v1", certificate(first));
    try (ApiTransport transport = setting.open(kubeconfig())) {
      ClientSetting.get(transport);
      plugin("v1", certificate(authority.issue("second")));
      server.answerWith(exchange ->
          TlsServer.answer(exchange, server.last().client().equals("CN=first") ? 401 : 200, ""));
      assertThat(ClientSetting.get(transport)).isEqualTo("200 ");
    }
    assertThat(server.seen())
        .extracting(TlsServer.Seen::client)
        .containsExactly("CN=first", "CN=first", "CN=second");
  }

  private static String certificate(Issued issued) {
    return "\"clientCertificateData\": \""
        + issued.certificatePem().replace("\n", "\\n")
        + "\", \"clientKeyData\": \""
        + issued.keyPem().replace("\n", "\\n")
        + "\"";
  }

  @Test
  void tellsThePluginAboutTheCluster() throws Exception {
    plugin("v1beta1", "\"token\": \"abc\"");
    plugin(
        "printf '%s' \"$KUBERNETES_EXEC_INFO\" > $OUT/told; echo \"$2\" > $OUT/args; cat"
            + " $OUT/answer");
    Path kubeconfig =
        setting.kubeconfig(
            "server: "
                + server.url()
                + "\ncertificate-authority: ca.crt\nextensions:\n"
                + "- name: client.authentication.k8s.io/exec\n"
                + "  extension: {audience: me, n: [1, true, null]}",
            """
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              command: ./plugin
              args: [get, token]
              env: [{name: OUT, value: %s}, {name: KUBERNETES_EXEC_INFO, value: no}]
              provideClusterInfo: true
            """
                .formatted(folder));
    try (ApiTransport transport = setting.open(kubeconfig)) {
      ClientSetting.get(transport);
    }
    assertThat(folder.resolve("args")).hasContent("token");
    assertThat(folder.resolve("told"))
        .hasContent(
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\","
                + "\"spec\":{\"cluster\":{\"server\":\""
                + server.url()
                + "\",\"certificate-authority-data\":\""
                + base64(authority.pem())
                + "\",\"config\":{\"audience\":\"me\",\"n\":[1,true,null]}},"
                + "\"interactive\":false}}");
  }

  @Test
  void aFailingPluginFailsTheRequestWithItsMessage() throws Exception {
    plugin("echo 'your session\nis over' >&2; echo s3cr3t; exit 7");
    try (ApiTransport transport = setting.open(kubeconfig())) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("plugin ended with exit code 7: your session is over")
          .hasMessageContaining("users[0].user.exec.command");
      plugin("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_500));
    }
    assertThat(setting.eventsOf(ClientEvent.PluginCalled.class).getFirst())
        .isEqualTo(new ClientEvent.PluginCalled(7, PluginStatus.EXECUTION_ERROR, Optional.empty()));
    assertThat(server.seen()).isEmpty();
  }

  @Test
  void aMissingPluginComesWithTheHint() throws Exception {
    Path kubeconfig =
        kubeconfig(
            """
            apiVersion: client.authentication.k8s.io/v1
            command: there-is-no-such-plugin
            interactiveMode: Never
            installHint: ask the platform team
            """);
    try (ApiTransport transport = setting.open(kubeconfig)) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .hasMessageEndingWith("there-is-no-such-plugin cannot be started. ask the platform team");
    }
    assertThat(setting.eventsOf(ClientEvent.PluginCalled.class))
        .containsExactly(new ClientEvent.PluginCalled(1, PluginStatus.NOT_FOUND, Optional.empty()));
  }

  @Test
  void aPluginThatDoesNotEndIsGivenUp() throws Exception {
    setting.programs = (call, _) -> new ProgramEnd.TimedOut(call.timeout());
    try (ApiTransport transport = setting.open(kubeconfig())) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .hasMessageEndingWith("did not end within 60 s");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\","
            + "\"status\":{\"token\":\"s3cr3t\"}}",
        "{\"kind\":\"Other\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
            + "\"status\":{\"token\":\"s3cr3t\"}}",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
            + "\"status\":{}}",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
            + "\"status\":{\"clientKeyData\":\"s3cr3t\"}}",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
            + "\"status\":{\"clientKeyData\":\"s3cr3t\",\"clientCertificateData\":\"s3cr3t\"}}"
      })
  void anAnswerOfNoUseFailsTheRequest(String answer) throws Exception {
    setting.write("answer", answer);
    plugin("cat " + folder + "/answer");
    try (ApiTransport transport = setting.open(kubeconfig())) {
      assertThatThrownBy(() -> ClientSetting.get(transport))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("output of credential plugin")
          .hasMessageNotContaining("s3cr3t");
    }
    assertThat(server.seen()).isEmpty();
  }
}
