package kubeproxy.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever bytes come: they decode, or they end in [MalformedInput], soon.
class MutatedInputTest {
  private static final String YAML =
      """
      apiVersion: v1
      items:
      - apiVersion: v1
        kind: Service
        metadata: {name: "web", namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          clusterIP: 10.96.0.10
          ports:
          - {name: http, port: 80, protocol: TCP, nodePort: 30080}
          externalIPs: [198.51.100.7, 'fd00::1']
      - addressType: IPv4
        apiVersion: discovery.k8s.io/v1
        endpoints:
        - addresses: [10.1.0.1]
          conditions: {ready: true}
          hints: {forZones: [{name: zone-a}]}
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
      kind: List
      ---
      {metadata: {name: node-a}, kind: Node, apiVersion: v1, spec: {podCIDR: 10.0.0.0/24}}
      """;

  private static final String PIECES = "{}[],:\"'-#&*!|>%@`\\ \n\t0x-e.\0\u00e9";

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void neverAnythingButTheError() {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    int rounds = Integer.getInteger("kubeproxy.rounds", 4000);
    System.out.println("kubeproxy.seed=" + seed);
    Random random = new Random(seed);
    byte[] yaml = YAML.getBytes(UTF_8);
    byte[] json = Decoded.toJson(YAML).getBytes(UTF_8);
    int errors = 0;
    for (int i = 0; i < rounds; i++) {
      errors += isMalformed(mutated(yaml, random), true) ? 1 : 0;
      errors += isMalformed(mutated(json, random), false) ? 1 : 0;
    }

    assertThat(errors).isBetween(1, 2 * rounds - 1);
  }

  private static boolean isMalformed(byte[] text, boolean yaml) {
    try {
      Decoded decoded = yaml ? Decoded.ofYaml(text) : Decoded.ofJson(text);
      assertThat(decoded.documents()).isNotNegative();
      return false;
    } catch (MalformedInput e) {
      assertThat(e.message()).isNotEmpty().doesNotContain("\n");
      return true;
    } catch (RuntimeException e) {
      throw new AssertionError("on <<" + new String(text, UTF_8) + ">>", e);
    }
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] text = original.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length);
      switch (random.nextInt(5)) {
        case 0 -> text[at] = (byte) random.nextInt(256);
        case 1 -> text[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
        case 2 -> text = java.util.Arrays.copyOf(text, at + 1);
        case 3 -> text = without(text, at, random.nextInt(20));
        default -> text = repeated(text, at, random.nextInt(40));
      }
    }
    return text;
  }

  private static byte[] without(byte[] text, int at, int length) {
    int end = Math.min(text.length, at + length);
    byte[] shorter = new byte[Math.max(1, text.length - (end - at))];
    System.arraycopy(text, 0, shorter, 0, Math.min(at, shorter.length));
    System.arraycopy(text, end, shorter, at, text.length - end);
    return shorter;
  }

  private static byte[] repeated(byte[] text, int at, int length) {
    int end = Math.min(text.length, at + length);
    byte[] longer = new byte[text.length + end - at];
    System.arraycopy(text, 0, longer, 0, end);
    System.arraycopy(text, at, longer, end, text.length - at);
    return longer;
  }
}
