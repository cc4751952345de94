package kubeproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the proxies that are compared, all with two threads or processes and on 127.0.0.1.
final class Proxies {
  static final String DIRECT = "direct";

  static final int SINK = 21_000;
  static final int ECHO = 21_001;
  static final int DATAGRAM_ECHO = 21_002;

  private static final int FIRST_PORT = 22_000;
  private static final int PORTS_EACH = 10;
  private static final String HAPROXY =
      """
      global
        nbthread 2
        maxconn %d
        maxpipes 200
      defaults
        mode tcp
        timeout connect 5s
        timeout client 1h
        timeout server 1h
        %s
      listen sink
        bind 127.0.0.1:%d
        server one 127.0.0.1:%d
      listen echo
        bind 127.0.0.1:%d
        server one 127.0.0.1:%d
      """;
  private static final String NGINX =
      """
      load_module /usr/lib/nginx/modules/ngx_stream_module.so;
      daemon off;
      worker_processes 2;
      worker_rlimit_nofile %d;
      pid %s/nginx.pid;
      error_log %s/nginx.log;
      events { worker_connections %d; }
      stream {
        proxy_timeout 1h;
        server { listen 127.0.0.1:%d backlog=4096; proxy_pass 127.0.0.1:%d; }
        server { listen 127.0.0.1:%d backlog=4096; proxy_pass 127.0.0.1:%d; }
        server { listen 127.0.0.1:%d udp; proxy_pass 127.0.0.1:%d; proxy_timeout 30s; }
      }
      """;

  // As the launcher starts the product.
  private static final List<String> PRODUCT_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xss256k",
          "-Xms24m",
          "-Xmn16m",
          "-XX:MinHeapFreeRatio=15",
          "-XX:MaxHeapFreeRatio=30");

  private final Path folder;
  private final int descriptors;
  private final List<Proxy> started = new ArrayList<>();

  /// @param folder for their configuration
  /// @param descriptors how many each may have
  Proxies(Path folder, int descriptors) {
    this.folder = folder;
    this.descriptors = descriptors;
  }

  /// No proxy at all; what it uses is nothing.
  Proxy direct() throws IOException {
    return start(DIRECT, List.of("sleep", "3600"), List.of(SINK, ECHO, DATAGRAM_ECHO), 2);
  }

  /// Our relay.
  Proxy ours(String name) throws IOException {
    List<Integer> ports = ports(3);
    return relay(
        name,
        ports,
        List.of(
            "tcp:" + ports.get(0) + ":" + SINK,
            "tcp:" + ports.get(1) + ":" + ECHO,
            "udp:" + ports.get(2) + ":" + DATAGRAM_ECHO));
  }

  /// Our relay, for so many streams that one backend would not do: the kernel makes as many
  /// connections to one address and port as there are ephemeral ports (`ip_local_port_range`).
  ///
  /// @param backends the ports of echo servers, each of which gets a listener of its own
  Proxy ours(String name, List<Integer> backends) throws IOException {
    List<Integer> ports = ports(backends.size());
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < backends.size(); i++) {
      arguments.add("tcp:" + ports.get(i) + ":" + backends.get(i));
    }
    return relay(name, ports, arguments);
  }

  private Proxy relay(String name, List<Integer> ports, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(PRODUCT_FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(RelayProcess.class.getName());
    command.addAll(arguments);
    int streams = (int) arguments.stream().filter(one -> one.startsWith("tcp:")).count();
    return start(name, command, ports, streams);
  }

  /// haproxy.
  ///
  /// @param options more lines for its defaults
  Proxy haproxy(String name, String options) throws IOException {
    List<Integer> ports = ports(2);
    Path file = folder.resolve(name.replace(' ', '-') + ".cfg");
    int connections = (descriptors - 1000) / 2;
    Files.writeString(
        file, HAPROXY.formatted(connections, options, ports.get(0), SINK, ports.get(1), ECHO));
    return start(name, List.of("haproxy", "-db", "-f", file.toString()), ports, 2);
  }

  /// nginx with its stream module.
  Proxy nginx() throws IOException {
    List<Integer> ports = ports(3);
    Path file = folder.resolve("nginx.conf");
    Files.writeString(
        file,
        NGINX.formatted(
            descriptors,
            folder,
            folder,
            descriptors,
            ports.get(0),
            SINK,
            ports.get(1),
            ECHO,
            ports.get(2),
            DATAGRAM_ECHO));
    return start("nginx", List.of("nginx", "-c", file.toString()), ports, 2);
  }

  /// socat, for datagrams only.
  Proxy socat() throws IOException {
    int port = ports(1).getFirst();
    return start(
        "socat",
        List.of(
            "socat",
            "-T30",
            "UDP4-LISTEN:" + port + ",bind=127.0.0.1,fork,reuseaddr",
            "UDP4:127.0.0.1:" + DATAGRAM_ECHO),
        List.of(0, 0, port),
        0);
  }

  private List<Integer> ports(int count) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(FIRST_PORT + PORTS_EACH * started.size() + i);
    }
    return ports;
  }

  // The first ports are of streams, and are waited for.
  private Proxy start(String name, List<String> command, List<Integer> ports, int streams)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.redirectErrorStream(true);
    Path log = folder.resolve(name.replace(' ', '-') + ".log");
    builder.redirectOutput(log.toFile());
    Proxy proxy = new Proxy(name, builder.start(), ports);
    started.add(proxy);
    long end = System.nanoTime() + 60_000_000_000L;
    for (int port : ports.subList(0, streams)) {
      while (!answers(port)) {
        if (System.nanoTime() > end || !proxy.process().isAlive()) {
          throw new IOException(name + " does not listen: " + Files.readString(log));
        }
        Thread.onSpinWait();
      }
    }
    return proxy;
  }

  private static boolean answers(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
