package kubeproxy.nftables.diff;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;

/// What tells a rule of ours from every other. It is stored with the rule in the kernel, where a
/// restarted proxy finds it: the kernel gives rules back in a form that differs between its
/// versions, so comparing that would rewrite good rules.
public final class Fingerprint {
  /// Part of every fingerprint. To be changed when the same text is to be encoded differently.
  private static final String ENCODING = "1 ";

  private Fingerprint() {}

  /// The fingerprint of a rule; never 0.
  public static long of(IpFamily family, Rule rule) {
    byte[] text = (ENCODING + ProgramText.rule(family, rule)).getBytes(StandardCharsets.UTF_8);
    try {
      long hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
      return hash == 0 ? 1 : hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// The fingerprints of rules, in order.
  public static List<Long> of(IpFamily family, List<Rule> rules) {
    return rules.stream().map(rule -> of(family, rule)).toList();
  }
}
