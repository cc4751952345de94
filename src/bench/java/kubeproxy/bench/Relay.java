package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The relay beside proxies of the distribution, each in processes of its own with two threads, in
/// turns, on the loopback interface. Prints the median of all rounds.
///
/// Arguments: the number of rounds, 3 by default.
public final class Relay {
  private static final long GIB = 1L << 30;
  private static final int MANY = 64;
  private static final int CONNECTIONS = 4_000;
  private static final int PINGS = 5_000;
  private static final int ANSWERS = 100_000;
  private static final int DATAGRAM_CLIENTS = 8;
  private static final int UNDER_WAY = 32;
  private static final int DESCRIPTORS_OF_OURS = 1_400;
  private static final int IDLE = 50_000;

  // As the launcher starts the product.
  private static final String[] PRODUCT_FLAGS = {
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss256k",
    "-Xms24m",
    "-Xmn16m",
    "-XX:MinHeapFreeRatio=15",
    "-XX:MaxHeapFreeRatio=30"
  };

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
      all.add(proxies.ours("relay", PRODUCT_FLAGS));
      all.add(proxies.haproxy("haproxy", ""));
      all.add(proxies.haproxy("haproxy splice", "option splice-auto"));
      all.add(proxies.nginx());
      all.add(proxies.socat());
      for (Proxy proxy : all) {
        // What compiles while it runs shall have done so.
        round(proxy);
      }
      results.clear();
      for (int i = 0; i < rounds; i++) {
        direct();
        for (Proxy proxy : all) {
          round(proxy);
        }
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
    print();
  }

  private void direct() throws IOException {
    double[] micros = StreamLoad.latency(Proxies.ECHO, PINGS);
    put("round trip p50, us", "direct", Sync.percentile(micros, 50));
    put("round trip p99, us", "direct", Sync.percentile(micros, 99));
    put("connections/s", "direct", StreamLoad.connectionRate(Proxies.ECHO, CONNECTIONS));
    double one = StreamLoad.throughput(Proxies.SINK, 1, GIB);
    put("1 connection, GiB/s", "direct", 1 / one);
    put(
        MANY + " connections, GiB/s",
        "direct",
        1 / StreamLoad.throughput(Proxies.SINK, MANY, GIB / MANY));
    put(
        "datagrams/s, 1 client",
        "direct",
        DatagramLoad.run(Proxies.DATAGRAM_ECHO, 1, UNDER_WAY, ANSWERS).perSecond());
    put(
        "datagrams/s, " + DATAGRAM_CLIENTS + " clients",
        "direct",
        DatagramLoad.run(Proxies.DATAGRAM_ECHO, DATAGRAM_CLIENTS, UNDER_WAY, ANSWERS).perSecond());
  }

  private void round(Proxy proxy) throws IOException {
    String name = proxy.name();
    if (proxy.port(Proxy.Role.SINK) != 0) {
      int sink = proxy.port(Proxy.Role.SINK);
      double cpu = proxy.cpuSeconds();
      put("1 connection, GiB/s", name, 1 / StreamLoad.throughput(sink, 1, GIB));
      double cpuOne = proxy.cpuSeconds();
      put("1 connection, CPU s/GiB", name, cpuOne - cpu);
      put(MANY + " connections, GiB/s", name, 1 / StreamLoad.throughput(sink, MANY, GIB / MANY));
      put(MANY + " connections, CPU s/GiB", name, proxy.cpuSeconds() - cpuOne);
      int echo = proxy.port(Proxy.Role.ECHO);
      double before = proxy.cpuSeconds();
      put("connections/s", name, StreamLoad.connectionRate(echo, CONNECTIONS));
      put("CPU us/connection", name, (proxy.cpuSeconds() - before) * 1e6 / CONNECTIONS);
      double[] micros = StreamLoad.latency(echo, PINGS);
      put("round trip p50, us", name, Sync.percentile(micros, 50));
      put("round trip p99, us", name, Sync.percentile(micros, 99));
    }
    if (proxy.ports().size() > Proxy.Role.DATAGRAM_ECHO.ordinal()) {
      int port = proxy.port(Proxy.Role.DATAGRAM_ECHO);
      DatagramLoad.Result one = DatagramLoad.run(port, 1, UNDER_WAY, ANSWERS);
      put("datagrams/s, 1 client", name, one.perSecond());
      DatagramLoad.Result many = DatagramLoad.run(port, DATAGRAM_CLIENTS, UNDER_WAY, ANSWERS);
      put("datagrams/s, " + DATAGRAM_CLIENTS + " clients", name, many.perSecond());
      put("datagrams lost", name, one.lost() + many.lost());
    }
  }

  private void idle(Proxy proxy, int count) throws IOException {
    if (proxy.port(Proxy.Role.ECHO) == 0) {
      return;
    }
    put("before idle connections, MiB", proxy.name(), proxy.residentKib() / 1024.0);
    StreamLoad.whileIdle(
        proxy.port(Proxy.Role.ECHO),
        count,
        () -> put(count + " idle connections, MiB", proxy.name(), proxy.residentKib() / 1024.0));
  }

  private void put(String line, String proxy, double value) {
    results
        .computeIfAbsent(line, _ -> new LinkedHashMap<>())
        .computeIfAbsent(proxy, _ -> new ArrayList<>())
        .add(value);
  }

  private void print() {
    results.forEach((line, values) -> {
      StringBuilder text = new StringBuilder(String.format("%-32s", line));
      values.forEach((proxy, numbers) ->
          text.append(String.format("  %s %s", proxy, rounded(median(numbers)))));
      System.out.println(text);
    });
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
