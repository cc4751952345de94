package kubeproxy.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority for tests, which signs with ECDSA. Certificates are for DNS names and
/// addresses, and as valid as one wants them.
public final class TestAuthority {
  private static final byte[] ECDSA_WITH_SHA256 =
      sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
  private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
  private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1d, 0x11);
  private static final Duration MARGIN = Duration.ofDays(1);

  private final String name;
  private final KeyPair keys = keys("EC");
  private final AtomicLong serial = new AtomicLong(1);
  private final X509Certificate certificate;

  /// An authority that trusts itself.
  public TestAuthority(String name) {
    this.name = name;
    Instant now = Instant.now();
    certificate = sign(name, keys, List.of(), now.minus(MARGIN), now.plus(MARGIN), true);
  }

  /// A certificate with its key.
  public record Issued(X509Certificate certificate, KeyPair keys) {

    /// The certificate as text.
    public String certificatePem() {
      return pem("CERTIFICATE", encoded(certificate));
    }

    /// The key as PKCS#8.
    public String keyPem() {
      return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }
  }

  /// New keys of an algorithm: `RSA`, `EC` or `Ed25519`.
  public static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(2048);
      } else if (algorithm.equals("EC")) {
        generator.initialize(256);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Text of what is encoded.
  public static String pem(String label, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Its own certificate as text.
  public String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  /// A certificate that is valid now.
  ///
  /// @param names DNS names and addresses
  public Issued issue(String subject, String... names) {
    return issue("EC", subject, Instant.now().plus(MARGIN), names);
  }

  /// A certificate with keys of an algorithm, valid from before now until `until`.
  public Issued issue(String algorithm, String subject, Instant until, String... names) {
    KeyPair subjectKeys = keys(algorithm);
    Instant from = Instant.now().minus(MARGIN.multipliedBy(2));
    return new Issued(sign(subject, subjectKeys, List.of(names), from, until, false), subjectKeys);
  }

  /// A server's context: shows a certificate, and trusts clients of this authority.
  public SSLContext serverContext(Issued issued) {
    try {
      char[] none = {};
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server",
          issued.keys().getPrivate(),
          none,
          new X509Certificate[] {issued.certificate(), certificate});
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(store, none);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", certificate);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      String subject, KeyPair of, List<String> names, Instant from, Instant until, boolean ca) {
    byte[] body =
        sequence(
            tagged(0xa0, tagged(0x02, new byte[] {2})),
            tagged(0x02, BigInteger.valueOf(serial.getAndIncrement()).toByteArray()),
            ECDSA_WITH_SHA256,
            distinguished(name),
            sequence(time(from), time(until)),
            distinguished(subject),
            of.getPublic().getEncoded(),
            tagged(0xa3, sequence(ca ? authorityExtension() : namesExtension(names))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] whole = sequence(body, ECDSA_WITH_SHA256, bits(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] authorityExtension() {
    byte[] critical = tagged(0x01, new byte[] {(byte) 0xff});
    return sequence(
        BASIC_CONSTRAINTS,
        critical,
        tagged(0x04, sequence(tagged(0x01, new byte[] {(byte) 0xff}))));
  }

  private static byte[] namesExtension(List<String> names) {
    if (names.isEmpty()) {
      return sequence(BASIC_CONSTRAINTS, tagged(0x04, sequence()));
    }
    byte[][] entries = names.stream().map(TestAuthority::name).toArray(byte[][]::new);
    return sequence(ALTERNATIVE_NAMES, tagged(0x04, sequence(entries)));
  }

  private static byte[] name(String text) {
    try {
      return tagged(0x87, InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException _) {
      return tagged(0x82, text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static byte[] distinguished(String name) {
    byte[] text = tagged(0x0c, name.getBytes(StandardCharsets.UTF_8));
    return sequence(tagged(0x31, sequence(COMMON_NAME, text)));
  }

  private static byte[] time(Instant at) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(at);
    return tagged(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] oid(int... bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int each : bytes) {
      out.write(each);
    }
    return tagged(0x06, out.toByteArray());
  }

  private static byte[] bits(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(bytes);
    return tagged(0x03, out.toByteArray());
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return tagged(0x30, out.toByteArray());
  }

  /// Something in DER: tag, length, content.
  public static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length >= 0x100) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length >= 0x80) {
      out.write(0x81);
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
