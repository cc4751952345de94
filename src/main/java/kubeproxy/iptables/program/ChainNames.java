package kubeproxy.iptables.program;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The names of the chains of Service ports and endpoints, which are upstream kube-proxy's, so that
/// either finds what the other left. Used by one thread.
///
/// A name is a prefix and the first 16 characters of the base32 of a SHA-256, over the name of the
/// Service port and its protocol, and for an endpoint its address and port besides.
public final class ChainNames {
  /// What leads to endpoints wherever they are.
  public static final String CLUSTER = "KUBE-SVC-";

  /// What leads to endpoints of this node.
  public static final String LOCAL = "KUBE-SVL-";

  /// Where all external traffic enters.
  public static final String EXTERNAL = "KUBE-EXT-";

  /// Where the sources of a load balancer's traffic are looked at.
  public static final String FIREWALL = "KUBE-FW-";

  /// One endpoint.
  public static final String ENDPOINT = "KUBE-SEP-";

  /// Where external traffic entered with policy Local, in kube-proxy up to 1.23. Only to be
  /// removed: it leads to the others.
  private static final String OLD_LOCAL = "KUBE-XLB-";

  private static final int HASH_CHARACTERS = 16;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final MessageDigest digest;
  private final byte[] hash = new byte[HASH_CHARACTERS];

  public ChainNames() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Whether it is the name of a chain of a Service port or an endpoint.
  public static boolean isOfService(String chain) {
    return chain.startsWith(CLUSTER)
        || chain.startsWith(LOCAL)
        || chain.startsWith(ENDPOINT)
        || chain.startsWith(FIREWALL)
        || chain.startsWith(EXTERNAL)
        || chain.startsWith(OLD_LOCAL);
  }

  /// What stands for a Service port behind each prefix.
  ///
  /// @param portName `namespace/name:port`
  /// @param protocol in lower case
  public String port(String portName, String protocol) {
    return hash(portName + protocol);
  }

  /// The chain of an endpoint.
  ///
  /// @param endpoint `address:port`
  public String endpoint(String portName, String protocol, String endpoint) {
    return ENDPOINT.concat(hash(portName + protocol + endpoint));
  }

  private String hash(String text) {
    byte[] sum = digest.digest(text.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < HASH_CHARACTERS; i++) {
      int bit = 5 * i;
      int pair = ((sum[bit / 8] & 0xff) << 8) | (sum[bit / 8 + 1] & 0xff);
      hash[i] = (byte) BASE32.charAt((pair >>> (11 - bit % 8)) & 31);
    }
    return new String(hash, StandardCharsets.ISO_8859_1);
  }
}
