package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;

/// Configurations as flags and files can give them, apart from whether they make sense.
final class RandomConfiguration {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "a b",
          " a ",
          "yes",
          "null",
          "~",
          "5",
          "0x5",
          "1e3",
          ".5",
          "-",
          "- a",
          "a: b",
          "a:",
          ":a",
          "::1",
          "#a",
          "a #b",
          "'",
          "\"",
          "it's",
          "\\",
          "\n",
          "a\nb",
          "\t",
          "{",
          "[a]",
          "&a",
          "*a",
          "!a",
          "|",
          ">",
          "%a",
          "@a",
          "`a`",
          "=",
          "<<",
          "ä",
          "日本",
          "\u0000",
          "\u007f",
          "\u0085",
          "\u2028",
          "\ufeffa",
          "😀",
          "?",
          "? a",
          "---",
          "--- a",
          "...",
          "a,b",
          "15m0s",
          "[::1]:10249",
          "0.0.0.0:10256",
          "2001-01-01",
          "1_000",
          "0o7",
          "True",
          "y",
          "N",
          "a ",
          "0");

  private final SplittableRandom random;

  RandomConfiguration(long seed) {
    random = new SplittableRandom(seed);
  }

  KubeProxyConfiguration next() {
    SortedMap<String, Boolean> gates = new TreeMap<>();
    for (String name : list(this::text)) {
      gates.put(name, bool());
    }
    return new KubeProxyConfiguration(
        gates,
        new ClientConnection(text(), text(), text(), qps(), number()),
        logging(),
        new Identity(text(), notEmpty()),
        new StatusServers(address(), address(), bool(), bool(), text()),
        pick(List.of("", "iptables", "ipvs", "nftables", "userspace", "other")),
        new Iptables(number(), bool(), bool(), period(), minimum()),
        new Ipvs(period(), minimum(), text(), list(this::text), bool(), any(), any(), any()),
        new Nftables(number(), bool(), period(), minimum()),
        new Userspace(text(), period()),
        new Windows(text(), text(), bool(), text(), bool(), bool()),
        new DetectLocal(text(), clusterCidrs(), text(), text()),
        list(this::text),
        new Conntrack(number(), number(), any(), any(), bool(), any(), any()),
        number(),
        period());
  }

  private Logging logging() {
    return new Logging(
        notEmpty(),
        period(),
        random.nextLong(1L << 32),
        list(() -> new VmoduleItem(text(), random.nextLong(1L << 32))),
        new OutputRouting(bool(), quantity()),
        new OutputRouting(bool(), quantity()));
  }

  private Quantity quantity() {
    String text = random.nextInt(-5000, 5000) + pick(List.of("", "k", "Ki", "M", "Mi", "m", "e3"));
    return ((Quantity.Parsed.Valid) Quantity.parse(text)).quantity();
  }

  private boolean bool() {
    return random.nextBoolean();
  }

  private int number() {
    return random.nextInt(4) == 0 ? random.nextInt(-1, 2) : random.nextInt();
  }

  private float qps() {
    return random.nextInt(3) == 0
        ? random.nextInt(-1, 20)
        : Float.intBitsToFloat(random.nextInt(0x7f800000));
  }

  /// Zero stands for the default, so nothing can be zero.
  private Duration period() {
    Duration period = any();
    return period.isZero() ? Duration.ofSeconds(1) : period;
  }

  private Duration minimum() {
    return random.nextInt(3) == 0 ? Duration.ZERO : any();
  }

  private Duration any() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ZERO;
      case 1 -> Duration.ofSeconds(random.nextInt(-100, 100_000));
      case 2 -> Duration.ofNanos(random.nextInt());
      default -> Duration.ofNanos(random.nextLong());
    };
  }

  private String text() {
    return pick(TEXTS);
  }

  private String notEmpty() {
    String text = text();
    return text.isEmpty() ? "a" : text;
  }

  /// Completed addresses, or texts that cannot be completed, or none.
  private String address() {
    return pick(List.of("", "1.2.3.4:5", "[::1]:5", "nonsense", "[::1]", "1.2.3.4:"));
  }

  private List<String> clusterCidrs() {
    return random.nextBoolean() ? List.of() : List.of("10.0.0.0/8", text().replace(',', ';'));
  }

  private <T> List<T> list(Supplier<T> item) {
    List<T> items = new ArrayList<>();
    int size = random.nextInt(3);
    for (int i = 0; i < size; i++) {
      items.add(item.get());
    }
    return items;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
