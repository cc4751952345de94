package kubeproxy.apiclient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a kubeconfig: the context that is its current one, with its cluster and its user.
///
/// As in Kubernetes' `clientcmd`, inline data win over files, relative paths begin at the folder of
/// the kubeconfig, and what is unknown is ignored.
final class Kubeconfig {
  private final Path file;
  private final Surroundings surroundings;
  private final Fields root;

  private Kubeconfig(Path file, Surroundings surroundings, Fields root) {
    this.file = file;
    this.surroundings = surroundings;
    this.root = root;
  }

  /// Reads a file.
  ///
  /// @param master replaces the server of the file, which then needs to name none
  static Connection read(Path file, Optional<String> master, Surroundings surroundings)
      throws ClientConfigException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ClientConfigException(source(file), "", FileProblem.describe(e));
    }
    Fields root = Fields.parse(source(file), text);
    return new Kubeconfig(file, surroundings, root).connection(master);
  }

  private static String source(Path file) {
    return "kubeconfig " + file;
  }

  private Connection connection(Optional<String> master) throws ClientConfigException {
    Optional<String> current = root.optionalText("current-context");
    if (current.isEmpty()) {
      if (master.isEmpty()) {
        throw root.error("current-context", "is not set");
      }
      URI server = ServerAddress.parse("--master", "", master.get(), false);
      return Connection.anonymous(server, new ProxyRules(surroundings).proxyFor(server));
    }
    Fields context = named("contexts", "context", current.get(), "current-context");
    Fields cluster = referred(context, "cluster", "clusters");
    Fields user = referred(context, "user", "users");
    Optional<PemSource> authority = pem(cluster, "certificate-authority");
    Optional<Connection.Identity> identity = identity(user);
    boolean insecure = cluster.flag("insecure-skip-tls-verify");
    boolean secure = insecure || authority.isPresent() || identity.isPresent();
    URI server = server(cluster, master, secure);
    if (insecure && authority.isPresent()) {
      throw cluster.error(
          "insecure-skip-tls-verify", "cannot be set together with certificate-authority");
    }
    return new Connection(
        server,
        authority,
        insecure,
        cluster.optionalText("tls-server-name"),
        identity,
        new UserFields(user, file).login(cluster),
        UserFields.impersonation(user),
        proxy(cluster, server),
        !cluster.flag("disable-compression"));
  }

  /// What an entry of the context refers to.
  private Fields referred(Fields context, String field, String list) throws ClientConfigException {
    String name = context.optionalText(field).orElseThrow(() -> context.error(field, "is not set"));
    return named(list, field, name, context.path(field));
  }

  /// The object under `kind` of the entry of a list that has the name.
  private Fields named(String list, String kind, String name, String referredBy)
      throws ClientConfigException {
    for (Fields entry : root.objects(list)) {
      if (entry.text("name").equals(name)) {
        return entry.objectOrEmpty(kind);
      }
    }
    throw new ClientConfigException(
        root.source(), referredBy, "\"" + name + "\" is not among the " + list);
  }

  private static URI server(Fields cluster, Optional<String> master, boolean secure)
      throws ClientConfigException {
    if (master.isPresent()) {
      return ServerAddress.parse("--master", "", master.get(), secure);
    }
    String server =
        cluster.optionalText("server").orElseThrow(() -> cluster.error("server", "is not set"));
    return ServerAddress.parse(cluster.source(), cluster.path("server"), server, secure);
  }

  private Optional<ProxyAddress> proxy(Fields cluster, URI server) throws ClientConfigException {
    Optional<String> url = cluster.optionalText("proxy-url");
    return url.isPresent()
        ? Optional.of(ProxyAddress.parse(cluster.source(), cluster.path("proxy-url"), url.get()))
        : new ProxyRules(surroundings).proxyFor(server);
  }

  private Optional<Connection.Identity> identity(Fields user) throws ClientConfigException {
    Optional<PemSource> certificate = pem(user, "client-certificate");
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    PemSource key =
        pem(user, "client-key")
            .orElseThrow(
                () -> user.error("client-key", "is not set, but there is a client-certificate"));
    return Optional.of(new Connection.Identity(certificate.get(), key));
  }

  private Optional<PemSource> pem(Fields fields, String name) throws ClientConfigException {
    String data = name + "-data";
    String inline = fields.decoded(data);
    if (!inline.isEmpty()) {
      String origin = fields.source() + ": " + fields.path(data);
      return Optional.of(new PemSource.Inline(origin, new Secret(inline)));
    }
    String namedBy = fields.source() + ": " + fields.path(name);
    return fields
        .optionalText(name)
        .map(path -> new PemSource.InFile(file.resolveSibling(path), namedBy));
  }

  /// The fields of a user that are no certificates.
  private record UserFields(Fields user, Path file) {

    LoginMethod login(Fields cluster) throws ClientConfigException {
      Optional<Fields> exec = user.object("exec");
      if (user.object("auth-provider").isPresent()) {
        throw user.error(
            "auth-provider", "was removed from Kubernetes; use a credential plugin (exec) instead");
      }
      Optional<LoginMethod> header = header();
      if (header.isPresent()) {
        return header.get();
      }
      if (exec.isPresent()
          && user.text("client-certificate").isEmpty()
          && user.text("client-certificate-data").isEmpty()) {
        return plugin(exec.get(), cluster);
      }
      return new LoginMethod.Anonymous();
    }

    private Optional<LoginMethod> header() throws ClientConfigException {
      Optional<Secret> token = user.optionalText("token").map(text -> new Secret(text.strip()));
      Optional<String> tokenFile = user.optionalText("tokenFile");
      String name = user.text("username");
      String password = user.text("password");
      boolean basic = !name.isEmpty() || !password.isEmpty();
      if (basic && (token.isPresent() || tokenFile.isPresent())) {
        throw user.error("username", "cannot be set together with a token");
      }
      if (tokenFile.isPresent()) {
        return Optional.of(new LoginMethod.TokenFile(file.resolveSibling(tokenFile.get()), token));
      }
      if (basic) {
        return Optional.of(new LoginMethod.Header(Login.basic(name, password)));
      }
      return token.map(text -> new LoginMethod.Header(Login.bearer(text)));
    }

    private LoginMethod plugin(Fields exec, Fields cluster) throws ClientConfigException {
      String command =
          exec.optionalText("command").orElseThrow(() -> exec.error("command", "is not set"));
      String version = exec.text("apiVersion");
      switch (version) {
        case PluginLogin.V1, PluginLogin.V1BETA1 -> {}
        case "" -> throw exec.error("apiVersion", "is not set");
        default ->
            throw exec.error(
                "apiVersion",
                "must be " + PluginLogin.V1 + " or " + PluginLogin.V1BETA1 + ": " + version);
      }
      checkMode(exec, version);
      Map<String, Secret> environment = new LinkedHashMap<>();
      for (Fields variable : exec.objects("env")) {
        String name =
            variable.optionalText("name").orElseThrow(() -> variable.error("name", "is not set"));
        environment.put(name, new Secret(variable.text("value")));
      }
      return new LoginMethod.Plugin(
          exec.source() + ": " + exec.path("command"),
          version,
          command.contains("/") ? file.resolveSibling(command).toString() : command,
          exec.texts("args"),
          environment,
          exec.text("installHint"),
          exec.flag("provideClusterInfo"),
          clusterConfig(cluster));
    }

    private static void checkMode(Fields exec, String version) throws ClientConfigException {
      String mode = exec.text("interactiveMode");
      switch (mode) {
        case "Never", "IfAvailable" -> {}
        case "" -> {
          if (version.equals(PluginLogin.V1)) {
            throw exec.error("interactiveMode", "is not set");
          }
        }
        case "Always" ->
            throw exec.error("interactiveMode", "\"Always\" needs a terminal, which is not there");
        default ->
            throw exec.error(
                "interactiveMode", "must be Never, IfAvailable or Always: \"" + mode + "\"");
      }
    }

    private static Optional<Object> clusterConfig(Fields cluster) throws ClientConfigException {
      for (Fields extension : cluster.objects("extensions")) {
        if (extension.text("name").equals("client.authentication.k8s.io/exec")) {
          return Optional.ofNullable(extension.value("extension"));
        }
      }
      return Optional.empty();
    }

    static List<Map.Entry<String, String>> impersonation(Fields user) throws ClientConfigException {
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      Optional<String> name = user.optionalText("as");
      name.ifPresent(as -> headers.add(Map.entry("Impersonate-User", as)));
      user.optionalText("as-uid").ifPresent(id -> headers.add(Map.entry("Impersonate-Uid", id)));
      for (String group : user.texts("as-groups")) {
        headers.add(Map.entry("Impersonate-Group", group));
      }
      if (name.isEmpty() && !headers.isEmpty()) {
        throw user.error("as", "is not set, but as-uid or as-groups is");
      }
      return headers;
    }
  }
}
