package kubeproxy.relay;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;

/// A listener of connections. All loops accept from the same socket.
final class StreamListener implements RelayListener {
  private final ServedPort port;
  private final BoundSocket socket;
  private final List<IpPrefix> allowedSources;
  private final List<StreamLoop> loops;
  private final List<Acceptor> acceptors = new ArrayList<>();
  private boolean closed;

  StreamListener(ServedPort port, BoundSocket socket, ListenerSpec spec, List<StreamLoop> loops) {
    this.port = port;
    this.socket = socket;
    this.loops = loops;
    allowedSources = spec.allowedSources();
  }

  /// Begins to accept.
  synchronized void open() {
    for (StreamLoop loop : loops) {
      loop.events()
          .call(() -> {
            Acceptor acceptor = new Acceptor(loop, this);
            acceptors.add(acceptor);
            acceptor.open();
          });
    }
  }

  ServedPort served() {
    return port;
  }

  int descriptor() {
    return socket.descriptor();
  }

  /// Whether a client may connect.
  boolean serves(IpAddress client) {
    return BoundSocket.allows(allowedSources, client);
  }

  @Override
  public IpAddress address() {
    return socket.address();
  }

  @Override
  public int port() {
    return socket.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (int i = 0; i < acceptors.size(); i++) {
      loops.get(i).events().call(acceptors.get(i)::close);
    }
    // Only now can no loop take another socket of that number for this one.
    int _ = new Sockets().close(socket.descriptor());
    port.closed(this);
  }
}
