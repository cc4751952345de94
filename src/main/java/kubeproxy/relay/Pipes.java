package kubeproxy.relay;

import java.util.ArrayDeque;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;
import org.jspecify.annotations.Nullable;

/// The pipes of one loop. A connection has one only while its bytes are in it, so a few serve all.
final class Pipes {

  /// The most that is put into one pipe, and what one counts for in [RelayLimits#pipeBytes].
  static final int FILL_BYTES = 256 << 10;

  // More than are in use at once is what bursts of slow readers leave behind.
  private static final int SPARES = 16;

  private final Sockets sockets;
  private final Streams streams;
  private final Usage usage;
  private final Reserve reserve;
  private final ArrayDeque<Pipe> spares = new ArrayDeque<>(SPARES);

  /// @param usage of pipes, by all loops
  Pipes(Sockets sockets, Streams streams, Usage usage, Reserve reserve) {
    this.sockets = sockets;
    this.streams = streams;
    this.usage = usage;
    this.reserve = reserve;
  }

  /// Whether the next [#take] succeeds.
  boolean ready() {
    if (!spares.isEmpty()) {
      return true;
    }
    Pipe made = make();
    return made != null && spares.add(made);
  }

  /// An empty pipe. Only after [#ready].
  Pipe take() {
    return spares.removeLast();
  }

  /// Takes back a pipe that is empty.
  void give(Pipe pipe) {
    if (spares.size() < SPARES) {
      spares.addLast(pipe);
    } else {
      discard(pipe);
    }
  }

  /// Ends a pipe with whatever is in it.
  void discard(Pipe pipe) {
    sockets.close(pipe.readEnd());
    sockets.close(pipe.writeEnd());
    usage.give();
  }

  void close() {
    while (!spares.isEmpty()) {
      discard(spares.removeLast());
    }
  }

  private @Nullable Pipe make() {
    // Streams can go on without pipes, but no connection without sockets.
    if (reserve.isScarce() || !usage.take()) {
      return null;
    }
    if (reserve.open(streams::pipe) < 0) {
      usage.give();
      return null;
    }
    Pipe pipe = new Pipe(streams.readEnd(), streams.writeEnd());
    // Where the kernel refuses, the pipe stays smaller, and works.
    int _ = streams.resizePipe(pipe.writeEnd(), FILL_BYTES);
    return pipe;
  }
}
