package kubeproxy.apiclient;

import static kubeproxy.testing.TestAuthority.pem;
import static kubeproxy.testing.TestAuthority.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Arrays;
import kubeproxy.testing.TestAuthority;
import kubeproxy.testing.TestAuthority.Issued;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdentityTest {
  private final TestAuthority authority = new TestAuthority("authority");

  private Issued issue(String algorithm) {
    return authority.issue(algorithm, "node", Instant.now().plusSeconds(60));
  }

  private static ClientIdentity identity(String certificate, String key)
      throws ClientConfigException {
    return ClientIdentity.of(new PemPair("cert file", certificate, "key file", new Secret(key)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsKeysAsPkcs8(String algorithm) throws Exception {
    Issued issued = issue(algorithm);
    ClientIdentity identity = identity(issued.certificatePem(), issued.keyPem());
    assertThat(identity.key()).isEqualTo(issued.keys().getPrivate());
    assertThat(identity.certificate()).isEqualTo(issued.certificate());
  }

  @Test
  void readsRsaKeysAsPkcs1() throws Exception {
    Issued issued = issue("RSA");
    byte[] wrapped = issued.keys().getPrivate().getEncoded();
    // Behind version and algorithm, both of known size, comes the key in an octet string.
    byte[] key = Arrays.copyOfRange(wrapped, 26, wrapped.length);
    ClientIdentity identity = identity(issued.certificatePem(), pem("RSA PRIVATE KEY", key));
    assertThat(identity.key()).isEqualTo(issued.keys().getPrivate());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsEllipticKeysAsSec1(boolean complete) throws Exception {
    Issued issued = issue("EC");
    byte[] wrapped = issued.keys().getPrivate().getEncoded();
    byte[] scalar = Arrays.copyOfRange(wrapped, wrapped.length - 32, wrapped.length);
    byte[] publicInfo = issued.keys().getPublic().getEncoded();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(tagged(0x02, new byte[] {1}));
    content.writeBytes(tagged(0x04, scalar));
    if (complete) {
      // As openssl writes it: the curve, which is the last of the algorithm, and the public key.
      content.writeBytes(tagged(0xa0, Arrays.copyOfRange(publicInfo, 13, 23)));
      content.writeBytes(tagged(0xa1, Arrays.copyOfRange(publicInfo, 23, publicInfo.length)));
    }
    String key = pem("EC PRIVATE KEY", tagged(0x30, content.toByteArray()));
    String parameters = pem("EC PARAMETERS", Arrays.copyOfRange(publicInfo, 13, 23));
    ClientIdentity identity = identity(issued.certificatePem(), parameters + key);
    assertThat(((ECPrivateKey) identity.key()).getS())
        .isEqualTo(((ECPrivateKey) issued.keys().getPrivate()).getS());
  }

  @Test
  void readsChainsAndWhatIsWrittenAround() throws Exception {
    Issued issued = issue("EC");
    ClientIdentity identity =
        identity(
            "subject=node\n" + issued.certificatePem() + "\nissuer\n" + authority.pem(),
            issued.certificatePem() + issued.keyPem());
    assertThat(identity.chain()).hasSize(2).first().isEqualTo(issued.certificate());
  }

  @Test
  void theTwoMustBelongTogether() {
    Issued issued = issue("EC");
    assertThatThrownBy(() -> identity(issued.certificatePem(), issue("EC").keyPem()))
        .hasMessage("key file: is not the key of the certificate of cert file");
    assertThatThrownBy(() -> identity(issued.certificatePem(), issue("RSA").keyPem()))
        .hasMessageStartingWith("key file: cannot be read as a key of algorithm EC")
        .hasNoCause();
  }

  @Test
  void saysWhatIsWrongWithoutShowingIt() {
    Issued issued = issue("EC");
    String encrypted =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00

        czNjcjN0
        -----END RSA PRIVATE KEY-----
        """;
    for (String key : new String[] {encrypted, pem("ENCRYPTED PRIVATE KEY", new byte[] {1})}) {
      assertThatThrownBy(() -> identity(issued.certificatePem(), key))
          .hasMessageStartingWith("key file: is encrypted");
    }
    assertThatThrownBy(() -> identity(issued.certificatePem(), "s3cr3t"))
        .hasMessage("key file: has no PEM private key");
    assertThatThrownBy(() -> identity(issued.certificatePem(), pem("PRIVATE KEY", new byte[9])))
        .hasMessageStartingWith("key file: cannot be read");
    assertThatThrownBy(() -> identity(pem("CERTIFICATE", new byte[] {1, 2}), issued.keyPem()))
        .hasMessage("cert file: has a certificate that cannot be read");
    assertThatThrownBy(() ->
            identity("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", issued.keyPem()))
        .hasMessage("cert file: a certificate is not base64");
  }
}
