import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Pods that answer over HTTP and UDP who they are and whom they saw, and clients that ask; each in
/// its network namespace.
final class Hosts {

  /// The address that the outside client speaks from.
  static final String CLIENT = "203.0.113.2";

  /// How long anything may take before the demo calls it lost.
  private static final int PATIENCE_MILLIS = 3_000;

  private Hosts() {}

  // ---- Clients

  record Answer(String pod, String source) {

    static Answer parse(String text) {
      String[] words = text.strip().split(" ", -1);
      return new Answer(words[0], words[words.length - 1]);
    }
  }

  static Answer ask(String from, String address, int port) throws Exception {
    String response = http(from, address, port, "/");
    return Answer.parse(response.substring(response.indexOf("\r\n\r\n") + 4));
  }

  static String http(String from, String address, int port, String path) throws Exception {
    try (SocketChannel channel = inside(from, () -> SocketChannel.open(family(address)))) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      bindClient(from, address, channel);
      var socket = channel.socket();
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static void bindClient(String from, String address, SocketChannel channel)
      throws IOException {
    if (from.equals("outside") && !address.contains(":")) {
      channel.bind(new InetSocketAddress(CLIENT, 0));
    }
  }

  static Optional<Answer> askUdp(String from, String address, int port) throws Exception {
    try (DatagramChannel channel = inside(from, () -> DatagramChannel.open(family(address)))) {
      channel.connect(new InetSocketAddress(address, port));
      var socket = channel.socket();
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      var packet = new DatagramPacket(new byte[128], 128);
      socket.receive(packet);
      return Optional.of(
          Answer.parse(new String(packet.getData(), 0, packet.getLength(), US_ASCII)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static StandardProtocolFamily family(String address) {
    return address.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  // ---- Pods

  static void serve(String pod, List<String> addresses) throws Exception {
    for (String address : addresses) {
      for (int port : List.of(8080, 5353)) {
        var local = new InetSocketAddress(address, port);
        ServerSocketChannel listener =
            inside(pod, () -> ServerSocketChannel.open(family(address)).bind(local));
        Thread.ofPlatform().daemon().start(() -> serveHttp(pod, listener));
      }
      var local = new InetSocketAddress(address, 5353);
      DatagramChannel socket = inside(pod, () -> DatagramChannel.open(family(address)).bind(local));
      Thread.ofPlatform().daemon().start(() -> serveUdp(pod, socket));
    }
  }

  private static void serveHttp(String pod, ServerSocketChannel listener) {
    var buffer = ByteBuffer.allocate(4096);
    while (true) {
      try (SocketChannel connection = listener.accept()) {
        connection.read(buffer.clear());
        String body = line(pod, (InetSocketAddress) connection.getRemoteAddress());
        String head =
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(body.length());
        connection.write(ByteBuffer.wrap((head + body).getBytes(US_ASCII)));
      } catch (IOException e) {
        // A client that went away concerns nobody else.
      }
    }
  }

  private static void serveUdp(String pod, DatagramChannel socket) {
    var buffer = ByteBuffer.allocate(512);
    while (true) {
      try {
        var client = (InetSocketAddress) socket.receive(buffer.clear());
        socket.send(ByteBuffer.wrap(line(pod, client).getBytes(US_ASCII)), client);
      } catch (IOException e) {
        // As above.
      }
    }
  }

  private static String line(String pod, InetSocketAddress client) {
    return pod + " saw " + shorten(client.getAddress()) + "\n";
  }

  /// IPv6 as people write it; the addresses here need no more than this.
  private static String shorten(InetAddress address) {
    return address.getHostAddress().replaceFirst("(:0)+(?=:)", ":").replaceFirst("%.*", "");
  }

  // ---- Namespaces

  private static final Map<String, Inside> NAMESPACES = new TreeMap<>();

  private static <T> T inside(String name, Callable<T> opening) throws Exception {
    return NAMESPACES.computeIfAbsent(name, Inside::new).call(opening);
  }

  /// A thread that lives in a network namespace and opens sockets there: a socket stays in the
  /// namespace of the thread that opened it.
  private static final class Inside {

    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().unstarted(task));

    Inside(String name) {
      CompletableFuture.runAsync(() -> enter("/run/netns/demo-" + name), thread).join();
    }

    <T> T call(Callable<T> opening) throws Exception {
      try {
        return thread.submit(opening).get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }

    private static void enter(String path) {
      // O_RDONLY | O_CLOEXEC and CLONE_NEWNET, from asm-generic/fcntl.h and linux/sched.h.
      int openFlags = 0x80000;
      int newNetwork = 0x40000000;
      var number = ValueLayout.JAVA_INT;
      Linker linker = Linker.nativeLinker();
      MethodHandle open =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("open"),
              FunctionDescriptor.of(number, ValueLayout.ADDRESS, number),
              Linker.Option.firstVariadicArg(2));
      MethodHandle setns =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setns"),
              FunctionDescriptor.of(number, number, number));
      try (Arena arena = Arena.ofConfined()) {
        int file = (int) open.invokeExact(arena.allocateFrom(path), openFlags);
        if ((int) setns.invokeExact(file, newNetwork) != 0) {
          throw new IllegalStateException("cannot enter " + path);
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
