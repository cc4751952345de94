package kubeproxy.apidecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever bytes come: lists, watches and failures are decoded or end in one of the errors that
/// are told of, soon and in little memory.
class MutatedAnswersTest {
  /// No recording has as many bytes as a hundredth of this.
  private static final long MAX_ALLOCATED = 64 << 20;

  private static final String PIECES =
      "{}[],:\"\\ \n0x-e.\0\1\2\u0008\n\u0012\u001a\"\u007f\u0080\u00ff";

  private interface Decoding {
    void run(byte[] body) throws IOException;
  }

  private static Decoding decoding(String name, ApiEncoding encoding, ApiResource resource) {
    if (name.contains("-list")) {
      return body -> Answers.list(encoding, resource, body);
    }
    if (name.contains("-watch")) {
      return body -> Answers.events(encoding, resource, body);
    }
    return body -> assertThat(Answers.status(encoding, body, 500).code()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "services-list-page1-json, JSON, SERVICES",
    "services-watch-json, JSON, SERVICES",
    "services-watch-protobuf, PROTOBUF, SERVICES",
    "services-watch-gone-protobuf, PROTOBUF, SERVICES",
    "endpointslices-watch-json, JSON, ENDPOINT_SLICES_V1",
    "endpointslices-watch-protobuf, PROTOBUF, ENDPOINT_SLICES_V1",
    "endpointslices-list-protobuf, PROTOBUF, ENDPOINT_SLICES_V1",
    "endpoints-list-json, JSON, ENDPOINTS",
    "endpoints-list-protobuf, PROTOBUF, ENDPOINTS",
    "node-list-json, JSON, NODES",
    "node-list-protobuf, PROTOBUF, NODES",
    "servicecidrs-list-protobuf, PROTOBUF, SERVICE_CIDRS_V1",
    "forbidden, JSON, SERVICES",
    "forbidden-protobuf, PROTOBUF, SERVICES"
  })
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void neverAnythingButTheErrors(String name, ApiEncoding encoding, ApiResource resource) {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    int rounds = Integer.getInteger("kubeproxy.rounds", 400);
    System.out.println("kubeproxy.seed=" + seed);
    Random random = new Random(seed);
    byte[] body = Answers.recorded(name);
    Decoding decoding = decoding(name, encoding, resource);
    check(decoding, body);
    for (int i = 0; i < rounds; i++) {
      check(decoding, mutated(body, random));
    }
  }

  /// Bytes that once were trouble, for every way to decode them.
  @Test
  void neverAnythingButTheErrorsOnKnownTrouble() {
    List<String> bodies =
        List.of(
            "",
            "00",
            "0000feff",
            "0000fffe",
            "feff0000",
            "fffe00007b00",
            "6b387300",
            "6b38730012ffffffff0f",
            "6b38730012808080800812",
            "6b3873000a0b",
            "00000001",
            "0000000200",
            "7fffffff",
            "000000020b0c",
            "7b7d",
            "7b227479706522",
            "7b22747970652d223a225c75");
    for (String hex : bodies) {
      for (ApiEncoding encoding : ApiEncoding.values()) {
        for (ApiResource resource : ApiResource.values()) {
          for (int way = 0; way < AnswersFuzz.WAYS; way++) {
            byte[] choice = {AnswersFuzz.choice(way, encoding, resource)};
            String choiceHex = HexFormat.of().formatHex(choice);
            check(AnswersFuzz::fuzzerTestOneInput, HexFormat.of().parseHex(choiceHex + hex));
          }
        }
      }
    }
  }

  private static void check(Decoding decoding, byte[] body) {
    long before = allocated();
    try {
      decoding.run(body);
    } catch (MalformedBody | EOFException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new AssertionError("on " + HexFormat.of().formatHex(body), e);
    }
    assertThat(allocated() - before).isLessThan(MAX_ALLOCATED);
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] body = original.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (body.length == 0) {
        return body;
      }
      int at = random.nextInt(body.length);
      switch (random.nextInt(6)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
        case 2 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> body = Arrays.copyOf(body, at);
        case 4 -> body = spliced(body, at, at + random.nextInt(20), at);
        default -> body = spliced(body, at, at, Math.max(0, at - random.nextInt(200)));
      }
    }
    return body;
  }

  /// The bytes up to `head`, and again from `tail` on, with what is from `again` to `head` twice.
  private static byte[] spliced(byte[] body, int head, int tail, int again) {
    int from = Math.min(tail, body.length);
    byte[] result = new byte[head + (head - again) + body.length - from];
    System.arraycopy(body, 0, result, 0, head);
    System.arraycopy(body, again, result, head, head - again);
    System.arraycopy(body, from, result, head + head - again, body.length - from);
    return result;
  }
}
