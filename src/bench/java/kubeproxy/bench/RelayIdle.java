package kubeproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// The memory of our relay with tens of thousands of connections that are silent, more than
/// processes may have descriptors for on many machines; so it is measured in a kernel of its own.
/// Each connection carries a message before, and another one afterwards, to show that it is there.
///
/// Arguments: the number of connections, 50,000 by default, and of backends, 5 by default.
public final class RelayIdle {
  private static final int FIRST_BACKEND = 21_100;
  private static final double KIB_PER_MIB = 1024;

  private RelayIdle() {}

  /// Runs the benchmark.
  public static void main(String[] args) throws IOException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
    int servers = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    List<Integer> backends = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      int port = FIRST_BACKEND + i;
      backends.add(port);
      Thread.ofPlatform().daemon().start(() -> EchoServer.streams(port));
    }
    Proxies proxies = new Proxies(Files.createTempDirectory("relay"), 0);
    try (Proxy relay = proxies.ours("relay", backends)) {
      long before = relay.residentKib();
      long start = System.nanoTime();
      StreamLoad.whileIdle(
          relay.ports(),
          count,
          () -> {
            long idle = relay.residentKib();
            System.out.printf(
                "%d idle connections: %.0f MiB resident, %.0f before them, %.2f KiB each;"
                    + " made in %.0f s%n",
                count,
                idle / KIB_PER_MIB,
                before / KIB_PER_MIB,
                (double) (idle - before) / count,
                (System.nanoTime() - start) / 1e9);
          });
      System.out.printf(
          "each carried a message again; %.0f s of processor time of the relay%n",
          relay.cpuSeconds());
    }
    System.exit(0);
  }
}
