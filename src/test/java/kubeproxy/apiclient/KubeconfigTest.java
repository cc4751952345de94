package kubeproxy.apiclient;

import static kubeproxy.apiclient.ClientSetting.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {
  private static final String SECRET = "s3cr3t";
  private static final String CA_FIELD = "clusters[0].cluster.certificate-authority";
  private static final String SERVER = "server: https://10.0.0.1:6443";

  @TempDir Path folder;
  private ClientSetting setting;

  @BeforeEach
  void start() {
    setting = new ClientSetting(folder);
  }

  private Connection read(String cluster, String user) throws Exception {
    return Kubeconfig.read(
        setting.kubeconfig(cluster, user), Optional.empty(), setting.surroundings());
  }

  private PemSource inFile(String path, String field) {
    return new PemSource.InFile(
        folder.resolve(path), "kubeconfig " + folder.resolve("config") + ": " + field);
  }

  @Test
  void pathsBeginAtItsFolder() throws Exception {
    Connection connection =
        read(
            SERVER + "\ncertificate-authority: pki/ca.crt",
            "client-certificate: c.crt\nclient-key: ../c.key\ntokenFile: t/token");
    assertThat(connection.authority()).contains(inFile("pki/ca.crt", CA_FIELD));
    assertThat(connection.identity())
        .contains(
            new Connection.Identity(
                inFile("c.crt", "users[0].user.client-certificate"),
                inFile("../c.key", "users[0].user.client-key")));
    assertThat(connection.login())
        .isEqualTo(new LoginMethod.TokenFile(folder.resolve("t/token"), Optional.empty()));
    assertThat(read(SERVER + "\ncertificate-authority: /etc/ca.crt", "{}").authority())
        .contains(inFile("/etc/ca.crt", CA_FIELD));
  }

  @Test
  void dataWinOverFiles() throws Exception {
    Connection connection =
        read(
            SERVER
                + "\ncertificate-authority: ca.crt\ncertificate-authority-data: "
                + base64("inline"),
            "token: a\ntokenFile: b");
    assertThat(connection.authority().orElseThrow())
        .isInstanceOfSatisfying(
            PemSource.Inline.class,
            inline -> assertThat(inline.text().reveal()).isEqualTo("inline"));
    assertThat(connection.login())
        .isEqualTo(new LoginMethod.TokenFile(folder.resolve("b"), Optional.of(new Secret("a"))));
  }

  @Test
  void otherCredentialsWinOverAPlugin() throws Exception {
    String exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: bin/p, args: [a]}";
    LoginMethod plugin = read(SERVER, exec).login();
    assertThat(plugin)
        .isInstanceOfSatisfying(
            LoginMethod.Plugin.class,
            it -> assertThat(it.command()).isEqualTo(folder.resolve("bin/p").toString()));
    assertThat(read(SERVER, exec.replace("bin/p", "p")).login())
        .isInstanceOfSatisfying(
            LoginMethod.Plugin.class, it -> assertThat(it.command()).isEqualTo("p"));
    assertThat(read(SERVER, exec + "\ntoken: t").login()).isInstanceOf(LoginMethod.Header.class);
    assertThat(read(SERVER, exec + "\nclient-certificate: c\nclient-key: k").login())
        .isEqualTo(new LoginMethod.Anonymous());
  }

  @Test
  void whatIsUnknownIsIgnored() throws Exception {
    Connection connection =
        read(SERVER + "\nextensions: [{name: x, extension: 1}]\nnew: {a: b}", "later: [1]");
    assertThat(connection.server()).hasToString("https://10.0.0.1:6443");
  }

  @Test
  void jsonWillDo() throws Exception {
    Path file =
        setting.write(
            "config",
            "\t{\"current-context\":\"x\",\t\"contexts\":[{\"name\":\"x\",\"context\":"
                + "{\"cluster\":\"c\",\"user\":\"u\"}}],\"users\":[{\"name\":\"u\"}],"
                + "\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"https://h/\"}}]}");
    assertThat(setting.connection(file).server()).hasToString("https://h");
  }

  @Test
  void actsForOthers() throws Exception {
    assertThat(read(SERVER, "as: a\nas-uid: \"1\"\nas-groups: [g, h]").headers())
        .isEqualTo(
            List.of(
                Map.entry("Impersonate-User", "a"),
                Map.entry("Impersonate-Uid", "1"),
                Map.entry("Impersonate-Group", "g"),
                Map.entry("Impersonate-Group", "h")));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:8080, false, http://10.0.0.1:8080",
    "10.0.0.1:6443, true, https://10.0.0.1:6443",
    "HTTPS://h.example/, false, https://h.example",
    "https://[fd00::1]:6443/a/b/, false, https://[fd00::1]:6443/a/b",
    "https://h/a?x=1#y, false, https://h/a"
  })
  void readsAddresses(String text, boolean secure, String expected) throws Exception {
    assertThat(ServerAddress.parse("x", "", text, secure)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "h/path",
    "ftp://h",
    "https://",
    "https://user:s3cr3t@h",
    "user:s3cr3t@h",
    "'https://user:s3cr3t @h'",
    "https://user:s3cr3t@h_h:1",
    "'http://a b'",
    "https:///x"
  })
  void refusesOtherAddresses(String text) {
    assertThatThrownBy(() -> ServerAddress.parse("--master", "", text, false))
        .isInstanceOf(ClientConfigException.class)
        .hasMessageStartingWith("--master: ")
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "certificate-authority-data: \"s3cr3t!\" | {} | certificate-authority-data: not valid"
            + " base64",
        "insecure-skip-tls-verify: \"s3cr3t\" | {} | insecure-skip-tls-verify: must be true or"
            + " false",
        "proxy-url: https://u:s3cr3t@p | {} | proxy-url: proxies of scheme \"https\" are not"
            + " supported",
        "proxy-url: socks5://u:s3cr3t@p | {} | proxy-url: proxies of scheme \"socks5\" are not"
            + " supp",
        "proxy-url: \"http://u:s3cr3t@p p\" | {} | proxy-url: not a valid URL",
        "tls-server-name: [s3cr3t] | {} | tls-server-name: must be a string",
        "{} | token: 123 | users[0].user.token: must be a string: put it into quotes",
        "{} | token: [s3cr3t] | users[0].user.token: must be a string",
        "{} | client-certificate: s3cr3t | client-key: is not set, but there is a client-certif",
        "{} | {username: a, password: s3cr3t, token: s3cr3t} | username: cannot be set together",
        "{} | {auth-provider: {name: oidc, config: {x: s3cr3t}}} | auth-provider: was removed",
        "{} | {as-groups: [x]} | as: is not set",
        "{} | {exec: {command: x}} | exec.apiVersion: is not set",
        "{} | {exec: {apiVersion: client.authentication.k8s.io/v1}} | exec.command: is not set",
        "{} | {exec: {command: x, apiVersion: v7}} | exec.apiVersion: must be client.authent",
        "{} | {exec: {command: x, apiVersion: client.authentication.k8s.io/v1}} | interactiveMode:"
            + " is",
        "{} | {exec: {command: x, apiVersion: client.authentication.k8s.io/v1,"
            + " interactiveMode: Always}} | interactiveMode: \"Always\" needs a terminal",
        "{} | {exec: {command: x, apiVersion: client.authentication.k8s.io/v1,"
            + " interactiveMode: never}} | interactiveMode: must be Never, IfAvailable or Always",
        "{} | {exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1,"
            + " env: [{value: s3cr3t}]}} | exec.env[0].name: is not set",
        "{} | {exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1,"
            + " env: [s3cr3t]}} | exec.env[0]: must be an object",
      })
  void errorsNameFileAndFieldAndNoSecret(String cluster, String user, String expected)
      throws Exception {
    String lines = cluster.equals("{}") ? SERVER : SERVER + "\n" + cluster;
    Path file = setting.kubeconfig(lines, user);
    assertThatThrownBy(() -> setting.connection(file))
        .isInstanceOf(ClientConfigException.class)
        .hasMessageStartingWith("kubeconfig " + file + ": ")
        .hasMessageContaining(expected)
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | current-context: is not set",
        "current-context: x | current-context: \"x\" is not among the contexts",
        "'token: *s3cr3t' | not valid YAML or JSON at line 1, column 8",
        "'token: \"s3cr3t' | not valid YAML or JSON at line 1, column",
        "'{\"token\": s3cr3t\"' | not valid YAML or JSON at line 1, column",
        "'- s3cr3t' | must be an object",
        "'{current-context: x, contexts: [{name: x, context: {}}]}' | contexts[0].context.cluster:"
            + " is",
        "'{current-context: x, contexts: [{name: x, context: {cluster: c}}]}'"
            + " | cluster: \"c\" is not among the clusters",
        "'{current-context: x, contexts: {}}' | contexts: must be a list",
      })
  void errorsOfTheWholeFile(String text, String expected) throws Exception {
    Path file = setting.write("config", text);
    assertThatThrownBy(() -> setting.connection(file))
        .isInstanceOf(ClientConfigException.class)
        .hasMessageStartingWith("kubeconfig " + file + ": ")
        .hasMessageContaining(expected)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws Exception {
    assertThatThrownBy(() -> setting.connection(folder.resolve("none")))
        .hasMessage("kubeconfig " + folder.resolve("none") + ": no such file");
    Path file =
        setting.kubeconfig(
            SERVER, "client-certificate-data: " + base64(SECRET) + "\nclient-key: k");
    assertThatThrownBy(() -> setting.connection(file))
        .hasMessage(
            "kubeconfig "
                + file
                + ": users[0].user.client-key: file "
                + folder.resolve("k")
                + ": no such file");
    setting.write("k", SECRET);
    assertThatThrownBy(() -> setting.connection(file))
        .hasMessage(
            "kubeconfig "
                + file
                + ": users[0].user.client-certificate-data: has no PEM certificate");
  }

  @Test
  void outsideOfAPodWithoutAnythingIsAnError() {
    assertThatThrownBy(() -> setting.open(Optional.empty(), Optional.empty()))
        .isInstanceOf(ClientConfigException.class)
        .hasMessageContaining("unable to load in-cluster configuration")
        .hasMessageContaining("KUBERNETES_SERVICE_HOST");
  }

  @Test
  void addressesOfVersionSixAreBracketedInAPod() throws Exception {
    setting.environment.put("KUBERNETES_SERVICE_HOST", "fd00::1");
    setting.environment.put("KUBERNETES_SERVICE_PORT", "443");
    Connection connection = InCluster.read(setting.surroundings());
    assertThat(connection.server()).hasToString("https://[fd00::1]:443");
    assertThat(connection.login())
        .isEqualTo(
            new LoginMethod.TokenFile(folder.resolve("serviceaccount/token"), Optional.empty()));
  }

  @Test
  void whatHoldsSecretsPrintsNone() throws Exception {
    setting.environment.put("HTTPS_PROXY", "http://u:" + SECRET + "@proxy:3128");
    String exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p, args: ["
            + SECRET
            + "], env: [{name: a, value: "
            + SECRET
            + "}]}";
    for (String user :
        List.of(
            "token: " + SECRET,
            "{username: a, password: " + SECRET + "}",
            "{tokenFile: t, token: " + SECRET + "}",
            "{client-certificate: c, client-key-data: " + base64(SECRET) + "}",
            exec)) {
      assertThat(read(SERVER, user).toString())
          .doesNotContain(SECRET)
          .doesNotContain(base64(SECRET))
          .doesNotContain(base64("u:" + SECRET));
    }
    assertThat(setting.surroundings().toString()).doesNotContain(SECRET);
  }
}
