package kubeproxy.relay;

import java.util.function.IntSupplier;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;

/// Accepts the connections of one listener on one loop; every loop has one for each listener, and
/// whichever is free takes the next connection.
final class Acceptor implements Handler {
  // Others want to be served, too, and other loops to have their share.
  private static final int BATCH = 16;

  private final StreamLoop loop;
  private final StreamListener listener;
  private final int slot;
  // Made once, because it is used for each connection.
  private final IntSupplier accept;
  private boolean open;
  private boolean closed;

  Acceptor(StreamLoop loop, StreamListener listener) {
    this.loop = loop;
    this.listener = listener;
    slot = loop.events().register(this);
    accept = () -> loop.events().tools().sockets().accept(listener.descriptor());
  }

  /// Begins to accept, or goes on.
  void open() {
    loop.reserve().recover(loop.events().tools().sockets());
    if (closed || open) {
      return;
    }
    int interest = Epoll.EPOLLIN | Epoll.EPOLLEXCLUSIVE;
    open = loop.events().watch(listener.descriptor(), interest, slot, 0) >= 0;
    if (!open) {
      loop.rest(this);
    }
  }

  /// Accepts nothing any more. The listener is still open.
  void close() {
    if (!closed) {
      closed = true;
      loop.events().unwatch(listener.descriptor());
      loop.events().release(slot);
    }
  }

  @Override
  public void abandon() {
    close();
  }

  @Override
  public void ready(int side, int flags) {
    Sockets sockets = loop.events().tools().sockets();
    for (int i = 0; i < BATCH && open; i++) {
      if (!loop.admit()) {
        loop.complain("there are as many as the limit allows");
        rest();
        return;
      }
      int client = loop.reserve().open(accept);
      if (client >= 0) {
        accepted(sockets, client);
      } else {
        loop.notAdmitted();
        if (client == -Errno.EAGAIN.number()) {
          return;
        }
        notAccepted(client);
      }
    }
  }

  private void accepted(Sockets sockets, int client) {
    IpAddress peer = sockets.peer();
    if (listener.serves(peer)) {
      loop.begin(listener.served(), client, peer);
    } else {
      listener.served().traffic().refusedSources.increment();
      int _ = sockets.reset(client);
      loop.notAdmitted();
    }
  }

  // Most errors are about one connection that ended while it waited (accept(2)): the next is
  // another matter.
  private void notAccepted(int result) {
    if (!Reserve.isExhaustion(result)) {
      return;
    }
    loop.complain("accept: " + Errno.nameOf(-result));
    int shed = loop.reserve().shed(loop.events().tools().sockets(), listener.descriptor());
    if (shed >= 0) {
      listener.served().traffic().shed.increment();
    } else if (Reserve.isExhaustion(shed)) {
      rest();
    }
  }

  private void rest() {
    open = false;
    loop.events().unwatch(listener.descriptor());
    loop.rest(this);
  }
}
