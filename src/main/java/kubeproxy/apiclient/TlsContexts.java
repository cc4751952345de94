package kubeproxy.apiclient;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import kubeproxy.apiclient.TlsMaterial.Authority;
import org.jspecify.annotations.Nullable;

/// Makes TLS contexts of certificates and keys.
final class TlsContexts {

  private TlsContexts() {}

  /// A context that trusts what `material` says.
  ///
  /// @param identity who we are, as read from the material
  static SSLContext create(TlsMaterial material, Optional<ClientIdentity> identity)
      throws ClientConfigException {
    KeyManager[] keys =
        identity.map(known -> new KeyManager[] {new OnlyIdentity(known)}).orElse(new KeyManager[0]);
    TrustManager[] trust =
        material.insecure()
            ? new TrustManager[] {new TrustsEverybody()}
            : trusting(material.authority());
    SSLContext context;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without TLS", e);
    }
    return material
        .serverName()
        .<SSLContext>map(name -> new RenamedServer(context, name))
        .orElse(context);
  }

  private static TrustManager[] trusting(Optional<Authority> authority)
      throws ClientConfigException {
    @Nullable KeyStore store = authority.isPresent() ? store(authority.get()) : null;
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without PKIX", e);
    }
  }

  private static KeyStore store(Authority authority) throws ClientConfigException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (X509Certificate each : Pem.certificates(authority.origin(), authority.pem())) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a JDK without key stores in memory", e);
    }
  }

  /// Shows our one certificate to any server that asks for one, whichever authorities it names: a
  /// server that does not like it says so, which is a better message than that we had none.
  private static final class OnlyIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final ClientIdentity identity;

    OnlyIdentity(ClientIdentity identity) {
      this.identity = identity;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return Arrays.asList(keyTypes).contains(identity.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }

  /// For `insecure-skip-tls-verify`: neither chain nor name are looked at.
  private static final class TrustsEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
