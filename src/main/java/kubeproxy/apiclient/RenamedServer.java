package kubeproxy.apiclient;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A TLS context for `tls-server-name`: whatever the address says, the server is asked for by that
/// name and must prove to be it.
///
/// The HTTP client of the JDK takes both from the address. It asks a context for an engine, which
/// makes this the place to change them.
final class RenamedServer extends SSLContext {

  /// A context like `context` for the server `name`, a DNS name or an IP address.
  RenamedServer(SSLContext context, String name) {
    super(new Renaming(context, name), context.getProvider(), context.getProtocol());
  }

  private static final class Renaming extends SSLContextSpi {
    private final SSLContext context;
    private final String name;
    private final List<SNIServerName> asked;

    Renaming(SSLContext context, String name) {
      this.context = context;
      this.name = name;
      // Addresses are not sent as names (RFC 6066).
      this.asked = isAddress(name) ? List.of() : List.of(new SNIHostName(name));
    }

    private static boolean isAddress(String name) {
      try {
        InetAddress.ofLiteral(name);
        return true;
      } catch (IllegalArgumentException _) {
        return false;
      }
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return new RenamedEngine(context.createSSLEngine(name, port), asked);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw new UnsupportedOperationException("an engine without an address");
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random) {
      throw new UnsupportedOperationException("already initialised");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw new UnsupportedOperationException("only engines");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException("only engines");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }
  }
}
