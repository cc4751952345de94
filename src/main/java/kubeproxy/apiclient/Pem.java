package kubeproxy.apiclient;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Text with certificates and keys between `-----BEGIN X-----` and `-----END X-----` (RFC 7468).
/// What stands outside is ignored.
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /// One block.
  ///
  /// @param label as in `EC PRIVATE KEY`
  /// @param content what is between the two lines
  record Block(String label, Secret content) {

    /// The bytes, or nothing if they are not base64.
    Optional<byte[]> bytes() {
      try {
        return Optional.of(Base64.getDecoder().decode(content.reveal().replaceAll("\\s", "")));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }

  /// The complete blocks of a text, in order.
  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
      if (labelEnd < 0) {
        break;
      }
      String label = text.substring(at + BEGIN.length(), labelEnd);
      int start = labelEnd + DASHES.length();
      int end = text.indexOf(END + label + DASHES, start);
      if (end >= 0) {
        blocks.add(new Block(label, new Secret(text.substring(start, end))));
      }
      at = text.indexOf(BEGIN, end < 0 ? start : end);
    }
    return blocks;
  }

  /// The certificates of a text, in order, at least one.
  ///
  /// @param origin where the text comes from, for messages
  static List<X509Certificate> certificates(String origin, String text)
      throws ClientConfigException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label().equals("CERTIFICATE")) {
        byte[] bytes =
            block
                .bytes()
                .orElseThrow(
                    () -> new ClientConfigException(origin, "", "a certificate is not base64"));
        certificates.add(certificate(origin, bytes));
      }
    }
    if (certificates.isEmpty()) {
      throw new ClientConfigException(origin, "", "has no PEM certificate");
    }
    return certificates;
  }

  private static X509Certificate certificate(String origin, byte[] bytes)
      throws ClientConfigException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException _) {
      throw new ClientConfigException(origin, "", "has a certificate that cannot be read");
    }
  }
}
