package kubeproxy.apiclient;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// The HTTP client in use, and those that still have answers under way.
///
/// A client keeps its certificates for life, so other certificates take another client. The one
/// before makes no more connections and ends with its last answer.
final class HttpClients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final ClientParts parts;
  private final List<HttpClient> ending = new ArrayList<>();
  private @Nullable Lease current;
  private Optional<X509Certificate> certificate = Optional.empty();
  private boolean closed;

  HttpClients(ClientParts parts) {
    this.parts = parts;
  }

  /// What makes one client different from another.
  record Key(boolean secure, TlsMaterial material, Optional<ProxyAddress> proxy) {}

  /// A client, as long as requests are being sent with it.
  static final class Lease {
    private final Key key;
    private final HttpClient client;
    private int holders;
    private boolean retired;

    private Lease(Key key, HttpClient client) {
      this.key = key;
      this.client = client;
    }

    /// The client.
    HttpClient client() {
      return client;
    }
  }

  /// The client for `key`, until [#release].
  synchronized Lease take(Key key) throws IOException {
    if (closed) {
      throw new IOException("the API client is closed");
    }
    Lease lease = current;
    if (lease == null || !lease.key.equals(key)) {
      Lease made = new Lease(key, make(key));
      retire(lease);
      current = made;
      lease = made;
    }
    lease.holders++;
    return lease;
  }

  /// Says that the head of the answer is there, or that none will come.
  synchronized void release(Lease lease) {
    lease.holders--;
    endIfUnused(lease);
  }

  /// Lets the next request make new connections: those there are seem to lead nowhere.
  synchronized void distrust(Lease lease) {
    if (lease == current) {
      retire(lease);
      current = null;
    }
  }

  /// Ends everything at once.
  synchronized void close() {
    closed = true;
    if (current != null) {
      current.client.shutdownNow();
    }
    ending.forEach(HttpClient::shutdownNow);
    ending.clear();
  }

  private void retire(@Nullable Lease lease) {
    if (lease != null) {
      lease.retired = true;
      ending.removeIf(HttpClient::isTerminated);
      ending.add(lease.client);
      endIfUnused(lease);
    }
  }

  private static void endIfUnused(Lease lease) {
    if (lease.retired && lease.holders == 0) {
      lease.client.shutdown();
    }
  }

  private HttpClient make(Key key) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(new FixedProxy(key.proxy()));
    if (key.secure()) {
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      builder.sslContext(context(key.material())).sslParameters(parameters);
    }
    return builder.build();
  }

  private SSLContext context(TlsMaterial material) throws IOException {
    try {
      Optional<ClientIdentity> identity =
          material.identity().isPresent()
              ? Optional.of(ClientIdentity.of(material.identity().get()))
              : Optional.empty();
      SSLContext context = TlsContexts.create(material, identity);
      identity.map(ClientIdentity::certificate).ifPresent(this::use);
      return context;
    } catch (ClientConfigException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void use(X509Certificate next) {
    if (certificate.equals(Optional.of(next))) {
      return;
    }
    Instant now = parts.surroundings().clock().instant();
    Optional<Duration> age =
        certificate.map(old -> Duration.between(old.getNotBefore().toInstant(), now));
    parts.tell(new ClientEvent.CertificateUsed(next.getNotAfter().toInstant(), age));
    certificate = Optional.of(next);
  }

  /// The proxy that was configured, whatever the properties of the JVM say.
  private static final class FixedProxy extends ProxySelector {
    private final Proxy proxy;

    FixedProxy(Optional<ProxyAddress> address) {
      proxy =
          address
              .map(at -> InetSocketAddress.createUnresolved(at.host(), at.port()))
              .map(at -> new Proxy(Proxy.Type.HTTP, at))
              .orElse(Proxy.NO_PROXY);
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The request fails too and tells.
    }
  }
}
