package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The relay beside proxies of the distribution, each in processes of its own with two threads, in
/// turns, on the loopback interface. Prints the median of all rounds and, behind it, the best: what
/// a machine that does other things, too, shows of a proxy.
///
/// Arguments: the number of rounds, 3 by default.
public final class Relay {
  private static final double GIB = 1L << 30;
  private static final double MICROS = 1e6;
  private static final long BYTES = 512 << 20;
  private static final int MANY = 64;
  private static final int CONNECTIONS = 10_000;
  private static final int PINGS = 5_000;
  private static final int ANSWERS = 60_000;
  private static final int DATAGRAM_CLIENTS = 8;
  private static final int UNDER_WAY = 32;
  private static final int DESCRIPTORS_OF_OURS = 1_400;
  private static final int IDLE = 50_000;

  private final Map<String, Map<String, List<Double>>> results = new LinkedHashMap<>();

  private Relay() {}

  /// Runs the benchmark.
  public static void main(String[] args) throws IOException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    new Relay().run(rounds);
    System.exit(0);
  }

  private void run(int rounds) throws IOException {
    Thread.ofPlatform().daemon().start(() -> StreamLoad.sink(Proxies.SINK));
    Thread.ofPlatform().daemon().start(() -> EchoServer.streams(Proxies.ECHO));
    Thread.ofPlatform().daemon().start(() -> EchoServer.datagrams(Proxies.DATAGRAM_ECHO));
    int descriptors = descriptorLimit();
    Proxies proxies = new Proxies(Files.createTempDirectory("relay"), descriptors);
    List<Proxy> all = new ArrayList<>();
    try {
      all.add(proxies.ours("relay"));
      all.add(proxies.haproxy("haproxy", ""));
      all.add(proxies.haproxy("haproxy splice", "option splice-auto"));
      all.add(proxies.nginx());
      all.add(proxies.socat());
      all.add(proxies.direct());
      // What compiles while it runs shall have done so.
      round(all);
      results.clear();
      for (int i = 0; i < rounds; i++) {
        round(inTurn(all, i));
      }
      int idle = Math.min(IDLE, (descriptors - DESCRIPTORS_OF_OURS) / 2);
      for (Proxy proxy : all) {
        idle(proxy, idle);
      }
    } finally {
      for (Proxy proxy : all) {
        proxy.close();
      }
    }
    print(all.stream().map(Proxy::name).toList());
  }

  /// Whoever is first finds the machine rested. No proxy comes after connections without any: their
  /// ports, which no one may use for a second (`TIME_WAIT`), would cost it more than all it does.
  private static List<Proxy> inTurn(List<Proxy> all, int round) {
    List<Proxy> turn = new ArrayList<>(all.subList(0, all.size() - 1));
    Collections.rotate(turn, round);
    turn.add(all.getLast());
    return turn;
  }

  /// One thing that is measured.
  private interface Measure {
    void run(Proxy proxy) throws IOException;
  }

  /// Everything once. Proxies are measured right after one another, so that whatever else the
  /// machine does concerns all of them.
  private void round(List<Proxy> all) throws IOException {
    for (Measure measure :
        List.<Measure>of(
            proxy -> throughput(proxy, 1),
            proxy -> throughput(proxy, MANY),
            this::connections,
            this::latency,
            proxy -> datagrams(proxy, 1),
            proxy -> datagrams(proxy, DATAGRAM_CLIENTS))) {
      for (Proxy proxy : all) {
        measure.run(proxy);
      }
    }
  }

  private void throughput(Proxy proxy, int connections) throws IOException {
    int port = proxy.port(Proxy.Role.SINK);
    if (port == 0) {
      return;
    }
    String line = connections == 1 ? "1 connection" : connections + " connections";
    double before = proxy.cpuSeconds();
    double seconds = StreamLoad.throughput(port, connections, BYTES / connections);
    put(line + ", GiB/s", proxy.name(), BYTES / seconds / GIB);
    put(line + ", CPU s/GiB", proxy.name(), (proxy.cpuSeconds() - before) * GIB / BYTES);
  }

  private void connections(Proxy proxy) throws IOException {
    int port = proxy.port(Proxy.Role.ECHO);
    if (port == 0) {
      return;
    }
    double before = proxy.cpuSeconds();
    put("connections/s", proxy.name(), StreamLoad.connectionRate(port, CONNECTIONS));
    double used = proxy.cpuSeconds() - before;
    put("CPU us/connection", proxy.name(), used * MICROS / CONNECTIONS);
  }

  private void latency(Proxy proxy) throws IOException {
    int port = proxy.port(Proxy.Role.ECHO);
    if (port != 0) {
      double[] micros = StreamLoad.latency(port, PINGS);
      put("round trip p50, us", proxy.name(), Sync.percentile(micros, 50));
      put("round trip p99, us", proxy.name(), Sync.percentile(micros, 99));
    }
  }

  private void datagrams(Proxy proxy, int clients) throws IOException {
    if (proxy.ports().size() <= Proxy.Role.DATAGRAM_ECHO.ordinal()) {
      return;
    }
    String line = "datagrams of " + (clients == 1 ? "1 client" : clients + " clients");
    double before = proxy.cpuSeconds();
    DatagramLoad.Result result =
        DatagramLoad.run(proxy.port(Proxy.Role.DATAGRAM_ECHO), clients, UNDER_WAY, ANSWERS);
    put(line + ", answers/s", proxy.name(), result.perSecond());
    double used = proxy.cpuSeconds() - before;
    put(line + ", CPU us each", proxy.name(), used * MICROS / ANSWERS);
    put(line + ", lost", proxy.name(), result.lost());
  }

  private void idle(Proxy proxy, int count) throws IOException {
    if (proxy.port(Proxy.Role.ECHO) == 0 || proxy.name().equals(Proxies.DIRECT)) {
      return;
    }
    put("before idle connections, MiB", proxy.name(), proxy.residentKib() / 1024.0);
    StreamLoad.whileIdle(
        List.of(proxy.port(Proxy.Role.ECHO)),
        count,
        () -> put(count + " idle connections, MiB", proxy.name(), proxy.residentKib() / 1024.0));
  }

  private void put(String line, String proxy, double value) {
    results
        .computeIfAbsent(line, _ -> new LinkedHashMap<>())
        .computeIfAbsent(proxy, _ -> new ArrayList<>())
        .add(value);
  }

  private void print(List<String> proxies) {
    results.forEach((line, values) -> {
      StringBuilder text = new StringBuilder(String.format("%-32s", line));
      for (String proxy : proxies) {
        List<Double> numbers = values.get(proxy);
        if (numbers != null) {
          text.append(String.format("  %s %s", proxy, shown(line, numbers)));
        }
      }
      System.out.println(text);
    });
  }

  private static String shown(String line, List<Double> numbers) {
    if (numbers.size() == 1) {
      return rounded(numbers.getFirst());
    }
    boolean more = line.endsWith("/s");
    double best = more ? Collections.max(numbers) : Collections.min(numbers);
    return rounded(median(numbers)) + " (" + rounded(best) + ")";
  }

  private static String rounded(double value) {
    return value >= 100 ? String.format("%.0f", value) : String.format("%.2f", value);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static int descriptorLimit() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        return Integer.parseInt(line.split("\\s{2,}")[2]);
      }
    }
    throw new IOException("no limit of descriptors");
  }
}
