package kubeproxy.apiclient;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.apiclient.TlsMaterial.Authority;

/// What the files and the environment said at one time: the connection, and the certificates for
/// it, which have been found to be usable.
///
/// @param stamps of the files it was read from
record Setup(Connection connection, TlsMaterial material, FileStamps stamps) {

  /// Reads everything.
  static Setup read(ClientOptions options, Surroundings surroundings) throws ClientConfigException {
    List<Path> files = new ArrayList<>(options.kubeconfig().stream().toList());
    FileStamps before = FileStamps.of(files);
    Connection connection = connection(options, surroundings);
    connection.authority().ifPresent(source -> addFile(source, files));
    connection.identity().ifPresent(identity -> addFile(identity.certificate(), files));
    connection.identity().ifPresent(identity -> addFile(identity.key(), files));
    FileStamps stamps = before.and(FileStamps.of(files));
    return new Setup(connection, material(connection, surroundings), stamps);
  }

  private static Connection connection(ClientOptions options, Surroundings surroundings)
      throws ClientConfigException {
    Optional<String> master = options.master().filter(url -> !url.isEmpty());
    if (options.kubeconfig().isPresent()) {
      return Kubeconfig.read(options.kubeconfig().get(), master, surroundings);
    }
    if (master.isPresent()) {
      URI server = ServerAddress.parse("--master", "", master.get(), false);
      return Connection.anonymous(server, new ProxyRules(surroundings).proxyFor(server));
    }
    return InCluster.read(surroundings);
  }

  private static void addFile(PemSource source, List<Path> files) {
    if (source instanceof PemSource.InFile(Path file, _)) {
      files.add(file);
    }
  }

  private static TlsMaterial material(Connection connection, Surroundings surroundings)
      throws ClientConfigException {
    if (!connection.isSecure()) {
      return new TlsMaterial(Optional.empty(), true, Optional.empty(), Optional.empty());
    }
    Optional<Authority> authority = authority(connection, surroundings);
    if (authority.isPresent()) {
      Pem.certificates(authority.get().origin(), authority.get().pem());
    }
    Optional<PemPair> pair = Optional.empty();
    if (connection.identity().isPresent()) {
      Connection.Identity identity = connection.identity().get();
      Authority certificate = text(identity.certificate());
      Authority key = text(identity.key());
      pair =
          Optional.of(
              new PemPair(
                  certificate.origin(), certificate.pem(), key.origin(), new Secret(key.pem())));
      ClientIdentity.of(pair.get());
    }
    return new TlsMaterial(authority, connection.insecure(), connection.serverName(), pair);
  }

  private static Optional<Authority> authority(Connection connection, Surroundings surroundings)
      throws ClientConfigException {
    if (connection.insecure()) {
      return Optional.empty();
    }
    return connection.authority().isPresent()
        ? Optional.of(text(connection.authority().get()))
        : SystemRoots.find(surroundings);
  }

  private static Authority text(PemSource source) throws ClientConfigException {
    return switch (source) {
      case PemSource.Inline(String origin, Secret text) -> new Authority(origin, text.reveal());
      case PemSource.InFile(Path file, String namedBy) -> {
        try {
          // What is outside of the blocks may be of any encoding.
          yield new Authority("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
          String place = namedBy.isEmpty() ? "file " + file : namedBy + ": file " + file;
          throw new ClientConfigException(place, "", FileProblem.describe(e));
        }
      }
    };
  }
}
