package kubeproxy.relay;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// One connection of a client and the one to a backend that belongs to it. Owned by one loop.
///
/// The end of a direction is passed on by itself, so that a side can end its sending and go on
/// receiving; both sockets are closed when both directions have ended. If a side ends abruptly, the
/// other is reset.
final class StreamFlow implements Handler {
  private static final int CLIENT = 0;
  private static final int SERVER = 1;
  private static final int INTEREST =
      Epoll.EPOLLIN | Epoll.EPOLLPRI | Epoll.EPOLLOUT | Epoll.EPOLLRDHUP | Epoll.EPOLLET;
  private static final int CAN_READ =
      Epoll.EPOLLIN | Epoll.EPOLLPRI | Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR;
  private static final int CAN_WRITE = Epoll.EPOLLOUT | Epoll.EPOLLHUP | Epoll.EPOLLERR;
  private static final int HUNG_UP = Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR;

  private final StreamLoop loop;
  private final ServedPort port;
  private final IpAddress peer;
  private final Direction up;
  private final Direction down;
  private final int client;
  private final int slot;
  private int server = -1;
  private int attempt;
  private boolean dialing = true;
  private long dialDeadline;
  private List<Backend> refused = List.of();
  private List<Backend> tried = List.of();
  private @Nullable Backend dialed;
  private boolean closed;
  private boolean queued;
  private boolean keptAlive;

  /// @param client the accepted connection, which from now on this object closes
  StreamFlow(StreamLoop loop, ServedPort port, int client, IpAddress peer) {
    this.loop = loop;
    this.port = port;
    this.client = client;
    this.peer = peer;
    up = new Direction(port.transport(), port.traffic().bytesIn, false);
    // Its socket has inherited this of the listener.
    down = new Direction(port.transport(), port.traffic().bytesOut, true);
    slot = loop.events().register(this);
    port.traffic().connections.increment();
  }

  /// Looks for a backend that answers, for as long as there are attempts left.
  void dial() {
    for (; attempt < StreamLoop.ATTEMPTS; attempt++) {
      Backend backend = port.balancer().next(peer, tried);
      if (backend == null) {
        // Those that did not answer in time may do so in more.
        backend = port.balancer().next(peer, refused);
      }
      if (backend == null) {
        break;
      }
      dialed = backend;
      int result = connect(backend);
      if (result == 0 || closed) {
        return;
      }
      refused = with(refused, backend);
      failed(backend);
    }
    port.traffic().unserved.increment();
    end(true);
  }

  /// Whether it waits for a backend, at this attempt.
  boolean isDialing(int thisAttempt) {
    return dialing && !closed && attempt == thisAttempt;
  }

  /// Until when the backend may answer.
  void dialUntil(long deadline) {
    dialDeadline = deadline;
  }

  /// What [#dialUntil] said.
  long dialDeadline() {
    return dialDeadline;
  }

  /// The backend did not answer in time.
  void dialTimedOut() {
    tryNext();
  }

  /// Has the kernel look after the connection to the backend, once there is one.
  ///
  /// @return whether there was something to do
  boolean keepAlive() {
    if (dialing || closed || keptAlive) {
      return false;
    }
    keptAlive = true;
    port.transport().keepAlive(loop.events().tools().sockets(), server);
    return true;
  }

  @Override
  public void ready(int side, int flags) {
    if (closed) {
      return;
    }
    if (dialing) {
      dialAnswered(flags);
      return;
    }
    Direction reading = side == CLIENT ? up : down;
    Direction writing = side == CLIENT ? down : up;
    reading.readable |= (flags & CAN_READ) != 0;
    reading.hungUp |= (flags & HUNG_UP) != 0;
    reading.urgent |= (flags & Epoll.EPOLLPRI) != 0;
    writing.writable |= (flags & CAN_WRITE) != 0;
    move();
    if ((flags & Epoll.EPOLLERR) != 0 && !closed && !queued) {
      // Nobody was reading or writing there, who would have seen the error.
      reset();
    }
  }

  @Override
  public void resume() {
    queued = false;
    if (!closed) {
      move();
    }
  }

  @Override
  public void abandon() {
    if (!closed) {
      end(true);
    }
  }

  // 0 if an answer will come; otherwise it has failed, or this flow was closed for want of room.
  private int connect(Backend backend) {
    Sockets sockets = loop.events().tools().sockets();
    int domain = backend.address() instanceof Ipv4Address ? Sockets.AF_INET : Sockets.AF_INET6;
    int protocol = port.transport().number();
    int descriptor =
        loop.reserve().open(() -> sockets.socket(domain, Sockets.SOCK_STREAM, protocol));
    if (descriptor < 0) {
      if (Reserve.isExhaustion(descriptor)) {
        shed();
      }
      return descriptor;
    }
    port.transport().prepareDialed(sockets, descriptor);
    int result = sockets.connect(descriptor, backend.address(), backend.port());
    if (result < 0 && result != -Errno.EINPROGRESS.number()) {
      sockets.close(descriptor);
      return result;
    }
    result = loop.events().watch(descriptor, INTEREST, slot, SERVER);
    if (result < 0) {
      sockets.close(descriptor);
      shed();
      return result;
    }
    server = descriptor;
    loop.awaitAnswer(this, attempt);
    return 0;
  }

  private void dialAnswered(int flags) {
    if ((flags & (Epoll.EPOLLERR | Epoll.EPOLLHUP)) != 0) {
      if (dialed != null) {
        refused = with(refused, dialed);
      }
      tryNext();
    } else if ((flags & Epoll.EPOLLOUT) != 0) {
      dialing = false;
      if (loop.events().watch(client, INTEREST, slot, CLIENT) < 0) {
        shed();
        return;
      }
      up.connect(client, server);
      down.connect(server, client);
      // The client has often spoken already; if not, finding out costs little.
      up.readable = true;
      up.writable = true;
      down.readable = (flags & CAN_READ) != 0;
      down.hungUp = (flags & HUNG_UP) != 0;
      down.urgent = (flags & Epoll.EPOLLPRI) != 0;
      down.writable = true;
      refused = List.of();
      tried = List.of();
      loop.established();
      move();
    }
  }

  private void tryNext() {
    // Closing is not enough while a process that was just forked has it, too.
    loop.events().unwatch(server);
    loop.events().tools().sockets().close(server);
    server = -1;
    if (dialed != null) {
      failed(dialed);
    }
    attempt++;
    dial();
  }

  private void failed(Backend backend) {
    port.traffic().failedDials.increment();
    tried = with(tried, backend);
  }

  private void move() {
    LoopTools tools = loop.events().tools();
    boolean upBefore = up.finished();
    boolean downBefore = down.finished();
    Direction.Progress forward = up.pump(tools);
    Direction.Progress backward = forward == Direction.Progress.FAILED ? forward : down.pump(tools);
    if (backward == Direction.Progress.FAILED) {
      reset();
    } else if ((up.finished() && down.finished()) || isEnded(tools.messages())) {
      end(false);
    } else {
      passEnds(tools.sockets(), up.finished() && !upBefore, down.finished() && !downBefore);
      boolean more = forward == Direction.Progress.MORE || backward == Direction.Progress.MORE;
      if (more && !queued) {
        queued = true;
        loop.events().again(this);
      }
    }
  }

  // An association of SCTP ends as a whole, soon after a side has said that it will.
  private boolean isEnded(SctpMessages messages) {
    if (port.transport() != Transport.SCTP || up.finished() == down.finished()) {
      return false;
    }
    return !messages.isAssociated(up.finished() ? server : client);
  }

  private void passEnds(Sockets sockets, boolean toServer, boolean toClient) {
    if (toServer) {
      int _ = sockets.shutdown(server, Sockets.SHUT_WR);
    }
    if (toClient) {
      int _ = sockets.shutdown(client, Sockets.SHUT_WR);
    }
  }

  private void reset() {
    port.traffic().resets.increment();
    end(true);
  }

  private void shed() {
    port.traffic().shed.increment();
    end(true);
  }

  private void end(boolean abruptly) {
    closed = true;
    LoopTools tools = loop.events().tools();
    up.drop(tools);
    down.drop(tools);
    close(tools.sockets(), client, abruptly);
    if (server >= 0) {
      close(tools.sockets(), server, abruptly);
    }
    loop.events().release(slot);
    loop.ended();
    port.traffic().ended.increment();
  }

  private static void close(Sockets sockets, int descriptor, boolean abruptly) {
    int _ = abruptly ? sockets.reset(descriptor) : sockets.close(descriptor);
  }

  private static List<Backend> with(List<Backend> list, Backend more) {
    List<Backend> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }
}
