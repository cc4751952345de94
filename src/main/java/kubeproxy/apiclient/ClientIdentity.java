package kubeproxy.apiclient;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// The certificate by which this node is known, and its key.
final class ClientIdentity {
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private ClientIdentity(List<X509Certificate> chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /// Reads the two, which must belong together.
  ///
  /// @param pair RSA, EC or Ed25519; the key as PKCS#8, PKCS#1 or SEC 1
  static ClientIdentity of(PemPair pair) throws ClientConfigException {
    List<X509Certificate> chain = Pem.certificates(pair.certificateOrigin(), pair.certificate());
    PublicKey publicKey = chain.getFirst().getPublicKey();
    PrivateKey key = privateKey(pair, publicKey);
    if (!belongTogether(publicKey, key)) {
      throw keyError(pair, "is not the key of the certificate of " + pair.certificateOrigin());
    }
    return new ClientIdentity(chain, key);
  }

  /// Its own certificate first, then those that lead to the authority.
  List<X509Certificate> chain() {
    return chain;
  }

  /// Its key.
  PrivateKey key() {
    return key;
  }

  /// Its own certificate.
  X509Certificate certificate() {
    return chain.getFirst();
  }

  private static PrivateKey privateKey(PemPair pair, PublicKey publicKey)
      throws ClientConfigException {
    for (Pem.Block block : Pem.blocks(pair.key().reveal())) {
      String label = block.label();
      if (label.equals("ENCRYPTED PRIVATE KEY")
          || block.content().reveal().contains("Proc-Type: 4,ENCRYPTED")) {
        throw keyError(pair, "is encrypted; only keys without a pass phrase can be used");
      }
      if (label.equals("PRIVATE KEY") || label.endsWith(" PRIVATE KEY")) {
        byte[] bytes = block.bytes().orElseThrow(() -> keyError(pair, "is not base64"));
        boolean wrapped = label.equals("PRIVATE KEY");
        return decoded(pair, wrapped ? bytes : wrap(bytes, publicKey), publicKey.getAlgorithm());
      }
    }
    throw keyError(pair, "has no PEM private key");
  }

  private static PrivateKey decoded(PemPair pair, byte[] bytes, String algorithm)
      throws ClientConfigException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException _) {
      // The cause may quote the key.
      throw keyError(
          pair,
          "cannot be read as a key of algorithm " + algorithm + ", which the certificate has");
    }
  }

  private static ClientConfigException keyError(PemPair pair, String message) {
    return new ClientConfigException(pair.keyOrigin(), "", message);
  }

  /// Makes PKCS#8 (RFC 5208) of the older forms PKCS#1 and SEC 1, which do not name their
  /// algorithm: it is that of the certificate.
  private static byte[] wrap(byte[] key, PublicKey publicKey) {
    byte[] version = {2, 1, 0};
    return der(0x30, version, algorithm(publicKey.getEncoded()), der(0x04, key));
  }

  /// The `AlgorithmIdentifier` with which a `SubjectPublicKeyInfo` (RFC 5280) begins.
  private static byte[] algorithm(byte[] publicKeyInfo) {
    int start = contentStart(publicKeyInfo, 0);
    int content = contentStart(publicKeyInfo, start);
    return Arrays.copyOfRange(publicKeyInfo, start, content + length(publicKeyInfo, start));
  }

  private static int contentStart(byte[] der, int at) {
    int first = Byte.toUnsignedInt(der[at + 1]);
    return at + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int length(byte[] der, int at) {
    int length = 0;
    int first = Byte.toUnsignedInt(der[at + 1]);
    if (first < 0x80) {
      return first;
    }
    for (int i = at + 2; i < contentStart(der, at); i++) {
      length = length << 8 | Byte.toUnsignedInt(der[i]);
    }
    return length;
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] each : contents) {
      content.writeBytes(each);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static boolean belongTogether(PublicKey publicKey, PrivateKey key) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
